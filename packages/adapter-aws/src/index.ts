/**
 * The door of this package.
 * Decides nothing: it names what others may use.
 */

// ---- DynamoDB
export * as DynamoAccounts from "./dynamo/Accounts.ts"
export * as DynamoStore from "./dynamo/Store.ts"
export { createTable } from "./dynamo/CreateTable.ts"
export type { TableOptions } from "./dynamo/Table.ts"
export { type TableDefinition, tableDefinition, timeToLiveAttribute } from "./dynamo/TableDefinition.ts"
export { TableError } from "./dynamo/TableError.ts"

// ---- EventBridge Scheduler and SQS
export * as EventBridgeScheduler from "./Scheduler.ts"

// ---- SSM Parameter Store
export * as ParameterSecrets from "./Secrets.ts"

// ---- How clients reach AWS
export type { AwsConnection } from "./client/Connection.ts"
export { regionOf } from "./client/Region.ts"
