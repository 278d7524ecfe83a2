// Walk: from digit to digit, and digits from nothing.

export function mount() {}
