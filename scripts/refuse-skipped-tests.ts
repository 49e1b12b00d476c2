/**
 * Fails if a test run skipped tests: a green run must not hide a missing server. Only tests of files outside of the
 * project, or of a second user, which require root, may be skipped, and their titles say so.
 */
import { readFileSync } from 'node:fs';

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

const [path = ''] = process.argv.slice(2);
const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report;
const results = testResults.flatMap(({ assertionResults }) => assertionResults);
const skipped = results.filter(
  ({ status, fullName }) => status !== 'passed' && !/not at hand|not beside this repository|needs root/.test(fullName),
);
for (const { fullName, status } of skipped) process.stderr.write(`${status}: ${fullName}\n`);
if (skipped.length > 0 || results.length === 0) process.exitCode = 1;
