/**
 * Reads CSV strictly by RFC 4180, and fails on errors: a line ends with CR LF, and only a quoted cell contains either.
 */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let position = 0;
  while (position < text.length) {
    let cell: string;
    if (text[position] === '"') {
      const match = /"((?:[^"]|"")*)"/y;
      match.lastIndex = position;
      const quoted = match.exec(text);
      if (quoted === null) throw new Error(`the quotes at ${position} do not end`);
      cell = (quoted[1] ?? '').replaceAll('""', '"');
      position = match.lastIndex;
    } else {
      const match = /[^,"\r\n]*/y;
      match.lastIndex = position;
      cell = match.exec(text)?.[0] ?? '';
      position += cell.length;
    }
    record.push(cell);
    if (text[position] === ',') {
      position += 1;
      if (position === text.length) throw new Error('the last line does not end');
    } else if (text.startsWith('\r\n', position)) {
      records.push(record);
      record = [];
      position += 2;
    } else {
      throw new Error(`${JSON.stringify(text[position])} at ${position} stands outside of quotes`);
    }
  }
  return records;
}
