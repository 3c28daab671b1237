import cytoscape from 'cytoscape';
import { load, random } from '../input.mjs';

await load((turn) => {
  const next = random(turn + 1);
  const elements = [
    ...Array.from({ length: 120 }, (_, i) => ({ data: { id: `n${i}`, weight: next(20) } })),
    ...Array.from({ length: 240 }, (_, i) => ({ data: { id: `e${i}`, source: `n${next(120)}`, target: `n${next(120)}`, weight: 1 + next(9) } })),
  ];
  const cy = cytoscape({
    headless: true,
    styleEnabled: true,
    elements,
    style: [{ selector: 'node[weight > 10]', style: { width: 'data(weight)', 'background-color': 'red' } }],
  });
  cy.elements().aStar({ root: '#n0', goal: '#n50' });
  cy.elements().pageRank();
  cy.elements().betweennessCentrality();
  cy.elements().kruskal((edge) => edge.data('weight'));
  cy.nodes('[weight > 5]').neighborhood().addClass('near');
  cy.layout({ name: 'breadthfirst' }).run();
  cy.elements().markovClustering();
  cy.destroy();
}, 3500);
