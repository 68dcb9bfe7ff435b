/**
 * When somebody has to look: the template's alarms.
 * Decides what is watched and from which number on. What to do then stands in docs/aws.md.
 */
import { tableDefinition } from "../src/dynamo/table/TableDefinition.ts"

const ref = (name: string) => ({ Ref: name })

type Dimensions = Readonly<Record<string, unknown>>

interface Watched {
  readonly description: string
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Dimensions
  readonly threshold: number
  readonly statistic: "Maximum" | "Sum"
  /** Of a minute each. */
  readonly periods: number
}

const alarm = ({ description, dimensions, metric, namespace, periods, statistic, threshold }: Watched) => ({
  Type: "AWS::CloudWatch::Alarm",
  Properties: {
    AlarmDescription: description,
    Namespace: namespace,
    MetricName: metric,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: statistic,
    Period: 60,
    EvaluationPeriods: periods,
    Threshold: threshold,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    AlarmActions: { "Fn::If": ["HasTopic", [ref("AlarmTopicArn")], ref("AWS::NoValue")] }
  }
})

const nameOf = (queue: string) => ({ "Fn::GetAtt": [queue, "QueueName"] })

/** As CloudWatch counts an account's requests to Parameter Store. */
const usageOf = (operation: string): Dimensions => ({
  Type: "API",
  Service: "SSM",
  Resource: operation,
  Class: "None"
})

/**
 * For the table and for each of its global indexes, whose throttling CloudWatch counts by themselves: an index that can't
 * follow throttles the writes of the table. Local indexes are the table's own.
 */
const throttles = (what: "Reads" | "Writes", metric: string) =>
  Object.fromEntries(
    [null, ...tableDefinition("unnamed").GlobalSecondaryIndexes.map(({ IndexName }) => IndexName)].map((index) => [
      `${what}Throttled${index === null ? "" : logicalNameOf(index)}Alarm`,
      alarm({
        description: `${index === null ? "The table" : `The index ${index}`} throttles ${what.toLowerCase()}`,
        namespace: "AWS/DynamoDB",
        metric,
        dimensions: { TableName: ref("Table"), ...(index !== null && { GlobalSecondaryIndexName: index }) },
        threshold: 10,
        statistic: "Sum",
        periods: 5
      })
    ])
  )

/** CloudFormation takes letters and digits. */
const logicalNameOf = (index: string): string => index.replaceAll(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase())

export const alarms = {
  DeadLettersAlarm: alarm({
    description:
      "A schedule could not be delivered or was not handled for twenty minutes; its bot was left to the sweep",
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: nameOf("DeadLetters") },
    threshold: 0,
    statistic: "Maximum",
    periods: 1
  }),
  FiresOldAlarm: alarm({
    description: "Due schedules wait in the queue: no server takes them, or none keeps up",
    namespace: "AWS/SQS",
    metric: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: nameOf("Fires") },
    // A message that is held back to its instant is two minutes old at most.
    threshold: 300,
    statistic: "Maximum",
    periods: 2
  }),
  ...throttles("Reads", "ReadThrottleEvents"),
  ...throttles("Writes", "WriteThrottleEvents"),
  CredentialsThrottledAlarm: alarm({
    description: "Parameter Store throttles: tokens are not saved, and sign-ins fail",
    namespace: "AWS/Usage",
    metric: "ThrottleCount",
    dimensions: usageOf("PutParameter"),
    threshold: 10,
    statistic: "Sum",
    periods: 5
  })
}
