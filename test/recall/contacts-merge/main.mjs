// Merges the address books of several teams into one list of people.
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const TEAMS = 6;
const PER_TEAM = 7000;

function teamBook(team) {
  const people = [];
  for (let i = 0; i < PER_TEAM; i++) {
    const n = (i * 3 + team * 4100) % 36000;
    people.push({ email: `Person.${n}@example.org${i % 9 === 0 ? ' ' : ''}`, name: `Person ${n}`, phone: n % 4 ? `+49 30 ${100000 + n}` : '', team });
  }
  return people;
}

function exportBooks(folder) {
  const files = [];
  for (let team = 0; team < TEAMS; team++) {
    const file = path.join(folder, `team-${team}.json`);
    writeFileSync(file, JSON.stringify(teamBook(team)));
    files.push(file);
  }
  return files;
}

const normalise = (person) => ({ ...person, email: person.email.trim().toLowerCase(), phone: person.phone.replaceAll(' ', '') });

function readBook(file) {
  return JSON.parse(readFileSync(file, 'utf8')).map(normalise);
}

function mergePhones(people) {
  const phones = new Map();
  for (const person of people) if (person.phone) phones.set(person.email, person.phone);
  return people.map((person) => ({ ...person, phone: phones.get(person.email) ?? '' }));
}

function unique(people) {
  return people.filter((person, at, all) => {
    const first = all.findIndex((other) => other.email === person.email);
    return first === at;
  });
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'contacts-'));
const everyone = mergePhones(exportBooks(folder).flatMap(readBook));
const people = unique(everyone);
const withPhone = people.filter((person) => person.phone !== '').length;
writeFileSync(path.join(folder, 'merged.json'), JSON.stringify(people));
console.log(`${everyone.length} entries, ${people.length} people, ${withPhone} with a phone number`);
