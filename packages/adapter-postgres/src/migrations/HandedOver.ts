/**
 * The second migration: bots that are in a meeting now, so that a process that starts finds those to be called back.
 * Decides the column and its index; rows that a release before this one writes have none, and keep their bots where they
 * are.
 */
export const handedOver: ReadonlyArray<string> = [
  // When its meeting ends, of a bot that was handed over and not called back.
  `alter table punctual.bots add column in_meeting_until bigint`,
  `update punctual.bots set in_meeting_until = (data ->> 'end')::numeric::bigint
    where status = 'Launched' and data ->> 'end' is not null and data ->> 'statusReason' is null`,
  `create index bots_handed_over on punctual.bots (in_meeting_until, id) where in_meeting_until is not null`
]
