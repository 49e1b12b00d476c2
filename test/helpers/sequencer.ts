import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The folders whose files take longest, longest first. */
const long = ['end-to-end', 'chaos', 'cli', 'query'];

/**
 * Files that take long begin first, so that towards the end there is still something to do for every worker. Vitest's
 * own order goes by project, and knows how long a file takes only from the run before.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return place === -1 ? long.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
