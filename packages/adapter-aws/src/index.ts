/**
 * The door of this package.
 * Decides nothing: it names what others may use.
 */

// ---- DynamoDB
export * as DynamoAccounts from "./Accounts.ts"
export * as DynamoStore from "./Store.ts"
export * as TableSecrets from "./TableSecrets.ts"
export { createTable } from "./dynamo/table/CreateTable.ts"
export type { TableOptions } from "./dynamo/table/Table.ts"
export { type TableDefinition, tableDefinition, timeToLiveAttribute } from "./dynamo/table/TableDefinition.ts"
export { TableError } from "./dynamo/table/TableError.ts"

// ---- EventBridge Scheduler and SQS
export * as EventBridgeScheduler from "./Scheduler.ts"

// ---- SSM Parameter Store
export * as ParameterSecrets from "./Secrets.ts"

// ---- How clients reach AWS
export type { AwsConnection } from "./client/Connection.ts"
export { regionOf } from "./client/Region.ts"
