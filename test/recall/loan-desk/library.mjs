import Loki from 'lokijs';

export class Library {
  constructor() {
    this.database = new Loki('library.db', { autosave: false });
    this.books = this.database.addCollection('books');
    this.members = this.database.addCollection('members', { unique: ['card'] });
  }

  addBook(book) {
    this.books.insert({ ...book, lent: null, due: 0 });
  }

  addMember(member) {
    this.members.insert({ ...member, loans: 0, fees: 0 });
  }

  book(barcode) {
    return this.books.findOne({ barcode });
  }

  lend(barcode, card, day) {
    const book = this.book(barcode);
    const member = this.members.by('card', card);
    if (!book || !member || book.lent !== null || member.loans >= 20) return false;
    book.lent = card;
    book.due = day + 28;
    member.loans += 1;
    return true;
  }

  giveBack(barcode, day) {
    const book = this.book(barcode);
    if (!book || book.lent === null) return 0;
    const member = this.members.by('card', book.lent);
    const fee = Math.max(0, day - book.due) * 20;
    member.loans -= 1;
    member.fees += fee;
    book.lent = null;
    return fee;
  }
}
