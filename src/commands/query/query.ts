import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { Subject } from '../../query/engine/subject.ts';
import { subjects } from '../../query/subjects/subjects.ts';
import { addExamples } from '../examples.ts';
import { addHelp } from '../help.ts';
import { addSettings } from '../options.ts';
import { summaries } from '../summaries.ts';
import { answer, querySettings } from './answer.ts';
import { addFields } from './field-help.ts';
import { type Flags, mergedFlags, questionCommand, typedFlags, wordsOf } from './question.ts';
import { savedQuestion, unknownSubject } from './saved-question.ts';

/** @param words what follows `query` on the command line: a saved view becomes a subject of its own */
export function addQuery(program: Command, words: readonly string[] = []): void {
  const query = program
    .command('query')
    .summary(summaries.query)
    .description(
      'Answers from the database alone; never writes to it, never calls ESI. Without a subject: contracts.\n' +
        '@NAME asks a question that was saved with --save; further flags replace its own or add to them.',
    )
    .addHelpText('after', '\nFilters of contracts: hangarbay query contracts --help');
  addExamples(query, 'query');
  for (const subject of subjectsFor(words)) {
    const command = subjectCommand(subject.name, subject).copyInheritedSettings(query);
    query.addCommand(command, { isDefault: subject === subjects[0] });
  }
  const [asked = ''] = words;
  if (asked.startsWith('@')) {
    const { subject, flags } = savedQuestion(asked);
    query.addCommand(subjectCommand(asked, subject, flags).copyInheritedSettings(query));
  }
  addHelp(query);
}

/** The subjects that these words may be about: a question is about one, and each has dozens of flags. */
function subjectsFor(words: readonly string[]): readonly Subject[] {
  const [first = ''] = words;
  const isHelp = words.some((word) => word === '--help' || word === '-h');
  const named = first.startsWith('-') && !isHelp ? subjects[0] : subjects.find(({ name }) => name === first);
  return named === undefined ? subjects : [named];
}

/** @param saved flags of the saved question that the command asks again */
function subjectCommand(name: string, subject: Subject, saved: Flags = {}): Command {
  const command = questionCommand(name, subject);
  const questionOptions = [...command.options];
  command
    .option('--save <name>', 'save this question; ask it again with: hangarbay query @NAME')
    .argument('[other]')
    .usage('[options]');
  addFields(command, subject);
  addExamples(command, `query ${subject.name}`);
  addSettings(command, querySettings);
  return command.action(async (other: string | undefined) => {
    // Where the subject was left out, the first word that is no flag was meant for it.
    const isNamed = command.parent?.args[0] === name;
    if (other !== undefined) throw isNamed ? secondSubject(name, other) : unknownSubject(other);
    const flags = mergedFlags(saved, typedFlags(command));
    const words = [subject.name, ...wordsOf(questionOptions, flags)];
    await answer(subject, { ...command.opts<Flags>(), ...flags }, words);
  });
}

function secondSubject(first: string, other: string): UsageError {
  const isSubject = other.startsWith('@') || subjects.some(({ name }) => name === other);
  if (isSubject) return new UsageError(`a question is about one subject, and "${first}" was named before "${other}"`);
  return new UsageError(
    `"${other}" is one word too many: flags say what is asked; see hangarbay query ${first} --help`,
  );
}
