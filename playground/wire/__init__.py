"""What is asked and what is answered: checked requests, packed arrays, films."""
