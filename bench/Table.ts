/**
 * A table of figures as every benchmark gives it, and how it looks on a terminal. Decides widths and alignment; never
 * rounds: a benchmark knows how many digits its figures deserve.
 */

export type Row = Readonly<Record<string, string | number>>

export interface Table {
  readonly title: string
  /** What was measured, and how: one or two sentences under the title. */
  readonly note?: string
  readonly rows: ReadonlyArray<Row>
}

/** A Markdown table, so that it can be pasted into the documentation as it stands. */
export const printTable = (table: Table): void => console.log(renderTable(table))

export const renderTable = ({ note, rows, title }: Table): string => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = rows.map((row) => columns.map((column) => cell(row[column])))
  const widths = columns.map((column, at) => Math.max(3, column.length, ...cells.map((row) => row[at]?.length ?? 0)))
  const numeric = columns.map((column) => rows.every((row) => typeof row[column] !== "string"))
  const line = (values: ReadonlyArray<string>): string =>
    `| ${values.map((value, at) => pad(value, widths[at] ?? 0, numeric[at] === true)).join(" | ")} |`
  const rule = `|${widths.map((width, at) => (numeric[at] === true ? `${"-".repeat(width + 1)}:` : "-".repeat(width + 2))).join("|")}|`
  return [
    `## ${title}`,
    ...(note === undefined ? [] : ["", note]),
    "",
    line(columns),
    rule,
    ...cells.map(line),
    ""
  ].join("\n")
}

const cell = (value: string | number | undefined): string =>
  value === undefined
    ? ""
    : typeof value === "number"
      ? value.toLocaleString("en", { maximumFractionDigits: 20 })
      : value

const pad = (text: string, width: number, right: boolean): string => (right ? text.padStart(width) : text.padEnd(width))
