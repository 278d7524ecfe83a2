// Map: move through a space of two numbers, and through planes of longer codes.

export function mount() {}
