import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The folders whose files take longest, longest first. */
const long = ['chaos', 'end-to-end', 'documents', 'operating', 'package', 'cli', 'query'];
/** A worker that goes to another project starts anew. */
const projects = ['shared', 'unhurried', 'isolated'];

/**
 * Files that take long begin first, so that towards the end there is still something to do for every worker. Vitest's
 * own order knows how long a file takes only from the run before.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const place = long.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return projects.indexOf(project.name) * (long.length + 1) + (place === -1 ? long.length : place);
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
