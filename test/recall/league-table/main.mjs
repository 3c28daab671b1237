// Reads the result page of a league and makes the table.
import { load } from 'cheerio';

const TEAMS = ['Rovers', 'United', 'City', 'Albion', 'Rangers', 'Athletic', 'Wanderers', 'County'];

function resultPage(matches) {
  const rows = [];
  for (let i = 0; i < matches; i++) {
    const home = TEAMS[i % TEAMS.length];
    const away = TEAMS[(i * 3 + 1) % TEAMS.length];
    rows.push(`<tr class="match"><td class="home">${home}</td><td class="score">${i % 4}:${(i * 7) % 3}</td><td class="away">${away}</td></tr>`);
  }
  return `<html><body><div id="results"><table><thead><tr><th>Home</th><th></th><th>Away</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div></body></html>`;
}

function readMatches(html) {
  const $ = load(html);
  const matches = [];
  for (let i = 0; i < $('#results tbody tr.match').length; i++) {
    const row = $('#results tbody tr.match').eq(i);
    const [homeGoals, awayGoals] = row.find('.score').text().split(':').map(Number);
    matches.push({ home: row.find('.home').text(), away: row.find('.away').text(), homeGoals, awayGoals });
  }
  return matches;
}

function table(matches) {
  const points = new Map(TEAMS.map((team) => [team, { points: 0, goals: 0 }]));
  for (const { home, away, homeGoals, awayGoals } of matches) {
    const h = points.get(home);
    const a = points.get(away);
    h.goals += homeGoals - awayGoals;
    a.goals += awayGoals - homeGoals;
    if (homeGoals > awayGoals) h.points += 3;
    else if (homeGoals < awayGoals) a.points += 3;
    else {
      h.points++;
      a.points++;
    }
  }
  return [...points].sort(([, a], [, b]) => b.points - a.points || b.goals - a.goals);
}

const matches = readMatches(resultPage(520));
for (const [team, { points, goals }] of table(matches)) console.log(team.padEnd(12), points, goals);
