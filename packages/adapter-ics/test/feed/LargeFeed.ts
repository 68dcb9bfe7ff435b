/** Feeds as large as one may be, for the tests of what reading one costs. */

const folded = (line: string): string =>
  [line.slice(0, 75), ...(line.slice(75).match(/.{1,74}/g) ?? []).map((part) => ` ${part}`)].join("\r\n")

const stampOf = (instant: number): string => new Date(instant).toISOString().replaceAll(/[-:]|\.000/g, "")

/** Entries of about so many bytes each, from an instant on, five minutes apart. */
export const largeFeed = (entries: number, from: number, prose: string, characters: number): string => {
  const description = folded(`DESCRIPTION:${prose.repeat(Math.ceil(characters / prose.length)).slice(0, characters)}`)
  const events = Array.from({ length: entries }, (_, n) =>
    [
      "BEGIN:VEVENT",
      `UID:meeting-${n}@example.com`,
      "DTSTAMP:20271101T000000Z",
      `DTSTART:${stampOf(from + (n % 8000) * 300_000)}`,
      "DURATION:PT30M",
      `SUMMARY:Meeting ${n}`,
      "ORGANIZER;CN=Anna:mailto:anna@example.com",
      `LOCATION:https://zoom.us/j/${91_234_500_000 + n}?pwd=abc`,
      description,
      "END:VEVENT"
    ].join("\r\n")
  )
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...events, "END:VCALENDAR", ""].join("\r\n")
}

export const agenda = "Agenda of the meeting\\, and what to bring\\n"
/** Two bytes a letter, and no text of one byte a letter can hold it. */
export const greekAgenda = "Ημερήσια διάταξη της συνάντησης\\n"
