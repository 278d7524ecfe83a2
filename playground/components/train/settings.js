// What the form asks for: the settings by name, what they are called, and where they start.

export const START = { model: "vae", options: { latent_dim: 2 }, dataset: "digits" };
export const PACE = { few: { epochs: 60, batch_size: 64 }, many: { epochs: 10, batch_size: 256 } };
export const FEW = 5000; // images from which on fewer epochs do
export const OPTIONS = {
  latent_dim: "Latent size",
  width: "Width",
  depth: "Depth",
  sparsity: "Sparsity",
};
export const SETTINGS = {
  beta: "Beta",
  noise_max: "Noise, most",
  learning_rate: "Learning rate",
  batch_size: "Batch",
  epochs: "Epochs",
  seed: "Seed",
};
export const RARE = { weight_decay: "Weight decay", clip: "Clip at", jitter: "Jitter", precision: "Precision" };
export const LIKELIHOODS = { bernoulli: "Bernoulli", gaussian: "Gaussian" };
