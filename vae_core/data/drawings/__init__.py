"""From a drawing, a photograph or a scan to a digit as MNIST has them."""
