"""The requests of the page, beside Gradio's own."""
