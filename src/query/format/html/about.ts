import type { RegionFreshness } from '../../engine/freshness.ts';
import type { About } from '../format.ts';
import { text, timeElement } from './markup.ts';

/** The heading of an answer: title, question and freshness. */
export function aboutSection({ title, question, asOf, pricesAsOf, regions, notices, home }: About): string {
  const facts = [
    asOf !== null ? `As of ${timeElement(asOf)} UTC` : regions.length > 0 ? 'not yet complete' : undefined,
    pricesAsOf === null ? undefined : `market prices as of ${timeElement(pricesAsOf)}`,
  ].filter((fact) => fact !== undefined);
  return `<header>
${home === undefined ? '' : `<nav><a href="${text(home)}">All pages</a></nav>\n`}<h1>${text(title)}</h1>
${question === undefined ? '' : `<p class="question"><code>${text(question)}</code></p>\n`}${facts.length === 0 ? '' : `<p class="facts">${facts.join(' · ')}</p>\n`}${notices.map((notice) => `<p class="notice">${text(notice)}</p>\n`).join('')}${regions.length === 0 ? '' : regionDetails(regions)}</header>
`;
}

function regionDetails(regions: readonly RegionFreshness[]): string {
  const stale = regions.filter(({ is_fresh }) => !is_fresh).length;
  const count = `${regions.length} ${regions.length === 1 ? 'region' : 'regions'}`;
  return `<details><summary>${count}${stale === 0 ? '' : `, ${stale} stale`}</summary>
${regionTable(regions)}</details>
`;
}

/** The last sweep of each region, with stale ones marked. */
function regionTable(regions: readonly RegionFreshness[]): string {
  const rows = regions.map(
    ({ region_id, region_name, last_complete_sweep_at: at, last_sweep_outcome, is_fresh }) =>
      `<tr${is_fresh ? '' : ' class="stale"'}><td>${text(region_name ?? `region ${region_id}`)}</td><td>${at === null ? 'never' : timeElement(at)}</td><td>${text(last_sweep_outcome ?? '')}</td></tr>\n`,
  );
  return `<table><thead><tr><th scope="col">region</th><th scope="col">last complete sweep</th><th scope="col">last sweep</th></tr></thead>
<tbody>
${rows.join('')}</tbody></table>
`;
}
