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

/** @param words the words after `query`: a saved view becomes a subject */
export function addQuery(program: Command, words: readonly string[] = []): void {
  const query = program
    .command('query')
    .summary(summaries.query)
    .description(
      'Answers from the database only; never writes to it, never calls ESI. Default subject: contracts.\n' +
        '@NAME runs a view that was saved with --save; further flags replace its own or add to them.',
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

/** The subjects that these words may refer to. A question has one subject, and each has dozens of flags. */
function subjectsFor(words: readonly string[]): readonly Subject[] {
  const [first = ''] = words;
  const isHelp = words.some((word) => word === '--help' || word === '-h');
  const named = first.startsWith('-') && !isHelp ? subjects[0] : subjects.find(({ name }) => name === first);
  return named === undefined ? subjects : [named];
}

/** @param saved flags of the saved view */
function subjectCommand(name: string, subject: Subject, saved: Flags = {}): Command {
  const command = questionCommand(name, subject);
  const questionOptions = [...command.options];
  command
    .option('--save <name>', 'save this question as a view; run it with: hangarbay query @NAME')
    .argument('[other]')
    .usage('[options]');
  addFields(command, subject);
  addExamples(command, `query ${subject.name}`);
  addSettings(command, querySettings);
  return command.action(async (other: string | undefined) => {
    // Without a subject, the first word that is not a flag was meant as the subject.
    const isNamed = command.parent?.args[0] === name;
    if (other !== undefined) throw isNamed ? secondSubject(name, other) : unknownSubject(other);
    const flags = mergedFlags(saved, typedFlags(command));
    const words = [subject.name, ...wordsOf(questionOptions, flags)];
    await answer(subject, { ...command.opts<Flags>(), ...flags }, words);
  });
}

function secondSubject(first: string, other: string): UsageError {
  const isSubject = other.startsWith('@') || subjects.some(({ name }) => name === other);
  if (isSubject) return new UsageError(`only one subject is allowed: "${first}" or "${other}"`);
  return new UsageError(`unexpected argument "${other}". Conditions are flags; see hangarbay query ${first} --help`);
}
