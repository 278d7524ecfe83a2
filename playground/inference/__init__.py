"""What the page and the API compute with `vae_core`: arrays in, arrays out."""
