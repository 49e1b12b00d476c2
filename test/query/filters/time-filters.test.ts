import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { keptBy } from '../../helpers/ask.ts';
import { backings } from '../../helpers/backings.ts';
import { inHours } from '../../helpers/contracts.ts';
import { sharedMarket } from '../../helpers/shared.ts';

const ids = { soon: 1, later: 2, past: 3, gone: 4, goneExpired: 5 };
const tenHoursAgo = inHours(-10);
const contracts = [
  { contract_id: ids.soon, row: { date_issued: inHours(-100), date_expired: inHours(2) } },
  { contract_id: ids.later, row: { date_issued: tenHoursAgo, date_expired: inHours(200) } },
  { contract_id: ids.past, row: { date_issued: inHours(-300), date_expired: inHours(-0.5) } },
  { contract_id: ids.gone, row: { date_issued: inHours(-50), date_expired: inHours(1) }, isGone: true },
  { contract_id: ids.goneExpired, row: { date_issued: inHours(-500), date_expired: inHours(-3) }, isGone: true },
];

describe.each(backings)('filters by time on $name', (backing) => {
  const market = sharedMarket(backing, contracts);

  it.each<[Record<string, string[]>, number[]]>([
    [{ 'issued-since': ['3d'] }, [ids.later]],
    [{ 'issued-since': ['1w'] }, [ids.soon, ids.later]],
    [{ 'issued-since': [inHours(-60)] }, [ids.later]],
    [{ 'issued-since': [inHours(-60)], state: ['all'] }, [ids.later, ids.gone]],
    [{ 'issued-since': ['2000-01-01'] }, [ids.soon, ids.later]],
    [{ 'issued-since': ['1h', '3d'] }, [ids.later]],
    [{ 'expires-within': ['90m'] }, []],
    [{ 'expires-within': ['3h'] }, [ids.soon]],
    [{ 'expires-within': [inHours(3)] }, [ids.soon]],
    // An expired contract does not expire again; a gone one would have.
    [{ 'expires-within': ['3h'], state: ['all'] }, [ids.soon, ids.gone]],
    [{ 'new-since': ['3h'] }, [ids.soon, ids.later]],
    [{ 'new-since': ['1h'] }, []],
    [{ 'gone-since': ['90m'] }, [ids.gone, ids.goneExpired]],
    [{ 'gone-since': ['30m'] }, []],
    [{ 'issued-since': [tenHoursAgo] }, [ids.later]],
    [{ 'issued-since': [tenHoursAgo.replace('Z', '.5Z')] }, []],
    [{ 'gone-since': ['90m'], outcome: ['expired'] }, [ids.goneExpired]],
    [{ 'gone-since': ['90m'], state: ['listed'] }, []],
    [{ outcome: ['unknown'] }, [ids.gone]],
    [{ outcome: ['unknown', 'EXPIRED'] }, [ids.gone, ids.goneExpired]],
    [{ outcome: ['unknown'], state: ['listed'] }, []],
  ])('%j', async (filters, expected) => {
    const { database } = market();
    expect(await keptBy(database, filters)).toEqual(expected);
  });

  it('an instant may be written in any zone', async () => {
    const { database } = market();
    const instant = new Date(Date.now() - 60 * 3_600_000);
    const inZone = `${new Date(instant.getTime() + 2 * 3_600_000).toISOString().slice(0, 19)}+02:00`;
    expect(await keptBy(database, { 'issued-since': [inZone] })).toEqual([ids.later]);
    expect(await keptBy(database, { 'issued-since': [inZone.replace('T', ' ').toLowerCase()] })).toEqual([ids.later]);
  });

  it.each([
    ['', 'yesterday', '3', '-3d', '2026-02-30', '2026-13-01', '2026-01-01T25:00:00Z', '2026-01-01T10:00:00', '0h'],
    ['900000y', '12026-01-01', '2026-1-1', '1767225600', '0000-01-01', '9000y', '0001-01-01T00:00:00+23:59'],
  ])('what is neither a duration nor an instant is refused with examples', async (...texts) => {
    const { database } = market();
    for (const flag of ['issued-since', 'expires-within', 'new-since', 'gone-since']) {
      for (const text of texts) {
        const asked = keptBy(database, { [flag]: [text] });
        await expect(asked, `--${flag} ${text}`).rejects.toThrow(UsageError);
        await expect(asked).rejects.toThrow(/--[a-z-]+: ".*" is neither a duration nor an instant; for example/);
      }
    }
  });

  it('an unknown outcome is refused with the nearest', async () => {
    const { database } = market();
    await expect(keptBy(database, { outcome: ['expird'] })).rejects.toThrow('Did you mean "expired"');
  });
});
