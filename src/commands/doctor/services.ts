import type { Config } from '../../config.ts';
import { compatibilityDate } from '../../esi/compatibility-date.ts';
import { requestOnce } from '../../esi/request-once.ts';
import { userAgent } from '../../esi/user-agent.ts';
import { downtimeEnd } from '../../eve/downtime.ts';
import { toInstant } from '../../time.ts';
import { cacheLabel } from '../../validators/address.ts';
import { type Finding, notice, ok, problem } from './finding.ts';

const timeoutMilliseconds = 10_000;
/** Expiries are compared with the local clock, and ESI's lists expire after half an hour. */
const tolerableSeconds = 30;

/** Whether ESI answers, still supports the compatibility date of this program, and agrees with the local clock. */
export async function esiFindings({
  esiUrl,
  contact,
  downtime,
}: Config<'esiUrl' | 'contact' | 'downtime'>): Promise<Finding[]> {
  const end = downtimeEnd(new Date(), downtime);
  if (end !== undefined) {
    return [notice('esi', `in its daily downtime until ${toInstant(end)}`, 'run hangarbay doctor again after it')];
  }
  const url = new URL(`${esiUrl.href.replace(/\/*$/, '/')}meta/compatibility-dates`);
  const headers = {
    'user-agent': userAgent(contact),
    'x-compatibility-date': compatibilityDate,
    accept: 'application/json',
  };
  const begun = Date.now();
  const answer = await requestOnce(url, { headers, timeoutMilliseconds });
  const between = (begun + Date.now()) / 2;
  if (answer.status !== 200) {
    const advice =
      answer.status === 420 || answer.status === 429
        ? 'ESI is limiting this address; run again in a minute'
        : 'ESI is failing; run again later';
    return [
      problem('esi', `${esiUrl.host} answers ${answer.status}`, advice),
      ...clockFindings(answer.headers.date, between),
    ];
  }
  return [
    ok('esi', `${esiUrl.host} answers`),
    compatibilityFinding(answer.text),
    ...clockFindings(answer.headers.date, between),
  ];
}

function compatibilityFinding(text: string): Finding {
  const dates = datesIn(text);
  const oldest = dates.toSorted()[0];
  const check = 'compatibility date';
  if (oldest === undefined)
    return notice(check, 'ESI does not say which dates it supports', 'see https://developers.eveonline.com/docs');
  if (oldest > compatibilityDate) {
    return problem(
      check,
      `${compatibilityDate} is no longer supported; the oldest supported date is ${oldest}`,
      'install a newer hangarbay',
    );
  }
  return ok(check, `${compatibilityDate} is supported`);
}

function datesIn(text: string): string[] {
  try {
    const { compatibility_dates: dates } = JSON.parse(text) as { compatibility_dates?: unknown };
    return Array.isArray(dates) ? dates.filter((date): date is string => typeof date === 'string') : [];
  } catch {
    return [];
  }
}

/** @param between the local time of ESI's answer, in milliseconds since 1970 */
function clockFindings(date: string | string[] | undefined, between: number): Finding[] {
  const theirs = Date.parse(String(date));
  if (Number.isNaN(theirs)) return [];
  // The Date header has whole seconds.
  const seconds = Math.round((between - theirs) / 1_000);
  const found = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ESI's`;
  if (Math.abs(seconds) <= tolerableSeconds) return [ok('clock', found)];
  return [problem('clock', found, "set the clock, for example with NTP; ESI's expiry times follow its own clock")];
}

/** Whether Redis keeps validators. */
export async function cacheFindings({ cacheUrl }: Config<'cacheUrl'>): Promise<Finding[]> {
  if (cacheUrl === undefined) return [ok('cache', 'validators are in the database')];
  const { inspectRedis } = await import('../../validators/redis.ts');
  const { version, masters, policy, evicted, limitBytes } = await inspectRedis(cacheUrl);
  const found = `Redis ${version} at ${cacheLabel(cacheUrl)}${masters > 1 ? `, ${masters} masters` : ''}`;
  if (evicted > 0) {
    return [
      notice(
        'cache',
        `${found} has evicted ${evicted} keys`,
        'each eviction costs an unconditional request; give Redis more memory',
      ),
    ];
  }
  if (limitBytes > 0 && policy !== 'noeviction' && policy !== '')
    return [ok('cache', `${found}, evicts by ${policy} when full`)];
  return [ok('cache', found)];
}
