/**
 * Migration 2: bots that are in a meeting now, so that a process that starts finds those it may have to withdraw.
 * Decides the column and its index. Rows that a release before this one writes have no value there, and keep their bots
 * where they are.
 */
export const handedOver: ReadonlyArray<string> = [
  // When its meeting ends, of a bot that was handed over and not withdrawn.
  `alter table punctual.bots add column in_meeting_until bigint`,
  `update punctual.bots set in_meeting_until = (data ->> 'end')::numeric::bigint
    where status = 'Launched' and data ->> 'end' is not null and data ->> 'statusReason' is null`,
  `create index bots_handed_over on punctual.bots (in_meeting_until, id) where in_meeting_until is not null`
]
