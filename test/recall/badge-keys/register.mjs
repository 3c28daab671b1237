export class Register {
  badges = new Map();

  add(badge) {
    this.badges.set(badge.key, badge);
    if (this.badges.size > 5000) this.badges.delete(this.badges.keys().next().value);
  }

  find(key) {
    return this.badges.get(key);
  }

  get size() {
    return this.badges.size;
  }
}
