// What was fetched of the atlases, so that it is there at once the next time.

import { fetchMap } from "./maps.js";

export class KnownMaps {
  constructor() {
    this.maps = new Map(); // "atlas view" -> what the server sent
    this.labels = new Map(); // atlas -> the class of each of its digits
  }

  // One map of an atlas; without a view the first that there is.
  async map(name, view) {
    const key = `${name} ${view}`;
    if (!this.maps.has(key)) {
      const map = await fetchMap(name, view);
      this.maps.set(key, map).set(`${name} ${map.view}`, map);
      this.labels.set(name, map.labels);
    }
    return this.maps.get(key);
  }

  labelsOf(name) {
    return this.labels.get(name);
  }

  // Forgets the atlases that `gone` is true of, and gives their names.
  forget(gone) {
    const keys = [...this.maps.keys()].filter((key) => gone(key.split(" ")[0]));
    for (const key of keys) this.maps.delete(key);
    return new Set(keys.map((key) => key.split(" ")[0]));
  }
}
