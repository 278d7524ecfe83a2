"""The page: a Gradio app over `vae_core`. The only package that imports gradio."""
