// Atlas: where thousands of digits lie in a model's latent space.

export function mount() {}
