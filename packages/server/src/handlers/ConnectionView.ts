/**
 * How a connection is shown. Decides that one which was taken down is shown as one that does not work: the contract has no
 * word of its own for it, and whoever meets it between two steps of a disconnect has no use for one.
 */
import type { Connection } from "@punctual/core"

export const shownStatus = ({ status }: Pick<Connection, "status">) => (status === "disconnected" ? "error" : status)
