import { UsageError } from '../../errors.ts';
import { didYouMean, nearestNames } from '../../nearest.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { subjects } from '../../query/subjects/subjects.ts';
import { type Flags, flagsOf } from './question.ts';
import { viewNamed } from './views.ts';

/**
 * The question of a saved view.
 *
 * @throws {UsageError} when the view does not exist, or is not a valid question
 */
export function savedQuestion(name: string): {
  readonly subject: Subject;
  readonly flags: Flags;
  readonly words: readonly string[];
} {
  const [subjectName = '', ...words] = viewNamed(name);
  const subject = subjects.find((candidate) => candidate.name === subjectName);
  try {
    if (subject === undefined) throw unknownSubject(subjectName);
    return { subject, flags: flagsOf(words, subject), words: [subjectName, ...words] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`the saved view "${name.slice(1)}" is invalid: ${error.message}`);
  }
}

/** The error for an unknown subject. */
export function unknownSubject(name: string): UsageError {
  if (name.startsWith('@')) return new UsageError(`put the view first: hangarbay query ${name}, then flags`);
  const known = subjects.map((subject) => subject.name);
  if (known.includes(name)) return new UsageError(`put the subject first: hangarbay query ${name}, then flags`);
  const hint = didYouMean(nearestNames(name, known));
  return new UsageError(`subject "${name}" is unknown${hint || '.'} Subjects: ${known.join(', ')}`);
}
