/**
 * What a connection's status means for whatever belongs to it.
 */
import type { Connection } from "./Connection.ts"

/** Whether the connection was not taken down. The provider may still refuse its credentials. */
export const isStanding = ({ status }: Pick<Connection, "status">): boolean => status !== "disconnected"
