/**
 * What Punctual needs on AWS, as a CloudFormation template: table, queue, dead letters, roles, alarms.
 *
 * Decides names and rights; alarms are decided in Alarms.ts. The table is the very definition that the adapter is tested on. The server's role
 * may do what the adapter does and nothing else: it can't scan, list other queues, or pass another role. Never deploys.
 */
import { alarms } from "./Alarms.ts"
import { tableDefinition, timeToLiveAttribute } from "../src/dynamo/table/TableDefinition.ts"

const sub = (text: string) => ({ "Fn::Sub": text })
const arnOf = (resource: string) => ({ "Fn::GetAtt": [resource, "Arn"] })
const ref = (name: string) => ({ Ref: name })

/** Names of groups are platforms, names of schedules begin so; see `nameOf` in Alarm.ts. */
const scheduleNames = ["bot-*", "x.*"]

/** Redelivered each minute: what could not be handled for so long is looked at by a person. */
const receivesMax = 20
const fireRetentionSeconds = 86_400
const deadRetentionSeconds = 1_209_600
const visibilitySeconds = 60

const parameters = {
  ParameterPrefix: {
    Type: "String",
    Default: "/punctual",
    AllowedPattern: "^(/[a-zA-Z0-9_.-]+)+$",
    Description: "What the names of credentials in Parameter Store begin with"
  },
  KmsKeyArn: {
    Type: "String",
    Default: "",
    Description: "A KMS key of your own for credentials; empty: the account's key for Parameter Store"
  },
  AlarmTopicArn: { Type: "String", Default: "", Description: "An SNS topic that alarms are sent to; empty: none" },
  ServerPrincipal: {
    Type: "String",
    Default: "ecs-tasks.amazonaws.com",
    Description: "The service that runs the server and takes its role"
  }
}

const conditions = {
  IsOnEc2: { "Fn::Equals": [ref("ServerPrincipal"), "ec2.amazonaws.com"] },
  HasKey: { "Fn::Not": [{ "Fn::Equals": [ref("KmsKeyArn"), ""] }] },
  HasTopic: { "Fn::Not": [{ "Fn::Equals": [ref("AlarmTopicArn"), ""] }] }
}

/** Without a name of its own: kept when its stack goes, it would stand in the way of the next stack's. */
const { TableName: _, ...definition } = tableDefinition("unnamed")

const table = {
  Type: "AWS::DynamoDB::Table",
  // Whoever deletes the stack keeps what users entrusted.
  DeletionPolicy: "Retain",
  UpdateReplacePolicy: "Retain",
  Properties: {
    ...definition,
    TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    DeletionProtectionEnabled: true
  }
}

const queues = {
  DeadLetters: {
    Type: "AWS::SQS::Queue",
    Properties: { MessageRetentionPeriod: deadRetentionSeconds, SqsManagedSseEnabled: true }
  },
  Fires: {
    Type: "AWS::SQS::Queue",
    Properties: {
      VisibilityTimeout: visibilitySeconds,
      ReceiveMessageWaitTimeSeconds: 20,
      MessageRetentionPeriod: fireRetentionSeconds,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: arnOf("DeadLetters"), maxReceiveCount: receivesMax }
    }
  },
  QueuePolicy: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [ref("Fires"), ref("DeadLetters")],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "EncryptedRoadsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: [arnOf("Fires"), arnOf("DeadLetters")],
            Condition: { Bool: { "aws:SecureTransport": "false" } }
          }
        ]
      }
    }
  }
}

const allow = (Sid: string, Action: ReadonlyArray<string>, Resource: unknown, Condition?: unknown) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition !== undefined && { Condition })
})

const policy = (PolicyName: string, Statement: ReadonlyArray<unknown>) => ({
  PolicyName,
  PolicyDocument: { Version: "2012-10-17", Statement }
})

const assumedBy = (Service: unknown, Condition?: unknown) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service },
      Action: "sts:AssumeRole",
      ...(Condition !== undefined && { Condition })
    }
  ]
})

const schedulerRole = {
  Type: "AWS::IAM::Role",
  Properties: {
    // Of this account alone: nobody else's schedules fire into the queue.
    AssumeRolePolicyDocument: assumedBy("scheduler.amazonaws.com", {
      StringEquals: { "aws:SourceAccount": ref("AWS::AccountId") }
    }),
    Policies: [policy("fire", [allow("Fire", ["sqs:SendMessage"], [arnOf("Fires"), arnOf("DeadLetters")])])]
  }
}

const serverStatements = [
  allow(
    "Table",
    [
      "GetItem",
      "PutItem",
      "UpdateItem",
      "DeleteItem",
      "ConditionCheckItem",
      "Query",
      "BatchGetItem",
      "BatchWriteItem"
    ].map((action) => `dynamodb:${action}`),
    [arnOf("Table"), sub("${Table.Arn}/index/*")]
  ),
  allow(
    "Schedules",
    ["CreateSchedule", "UpdateSchedule", "GetSchedule", "DeleteSchedule"].map((action) => `scheduler:${action}`),
    scheduleNames.map((name) =>
      sub(`arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule/*/${name}`)
    )
  ),
  allow(
    "Groups",
    ["scheduler:CreateScheduleGroup"],
    sub("arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/*")
  ),
  // Lists know no narrower resource.
  allow("Audit", ["scheduler:ListSchedules"], "*"),
  allow("PassSchedulerRole", ["iam:PassRole"], arnOf("SchedulerRole"), {
    StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" }
  }),
  allow(
    "Queue",
    ["SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"].map((action) => `sqs:${action}`),
    arnOf("Fires")
  ),
  allow(
    "Credentials",
    ["PutParameter", "GetParameter", "GetParameters", "GetParametersByPath", "DeleteParameters"].map(
      (action) => `ssm:${action}`
    ),
    sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${ParameterPrefix}/*")
  )
]

const roles = {
  SchedulerRole: schedulerRole,
  ServerRole: {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy(ref("ServerPrincipal")),
      Policies: [policy("punctual", serverStatements)]
    }
  },
  // How a machine of EC2 takes the role; other services take it by itself.
  ServerProfile: {
    Type: "AWS::IAM::InstanceProfile",
    Condition: "IsOnEc2",
    Properties: { Roles: [ref("ServerRole")] }
  },
  KeyPolicy: {
    Type: "AWS::IAM::Policy",
    Condition: "HasKey",
    Properties: {
      ...policy("credentials-key", [
        allow("Key", ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], ref("KmsKeyArn"), {
          StringEquals: { "kms:ViaService": sub("ssm.${AWS::Region}.amazonaws.com") }
        })
      ]),
      Roles: [ref("ServerRole")]
    }
  }
}

const output = (Description: string, Value: unknown, Condition?: string) => ({
  Description,
  Value,
  ...(Condition !== undefined && { Condition })
})

export const template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "Punctual: the table, the queue of due schedules, its dead letters, roles and alarms",
  Parameters: parameters,
  Conditions: conditions,
  Resources: { Table: table, ...queues, ...roles, ...alarms },
  Outputs: {
    TableName: output("PUNCTUAL_AWS_TABLE", ref("Table")),
    QueueUrl: output("PUNCTUAL_AWS_QUEUE_URL", ref("Fires")),
    QueueArn: output("PUNCTUAL_AWS_QUEUE_ARN", arnOf("Fires")),
    DeadLetterArn: output("PUNCTUAL_AWS_DEAD_LETTER_ARN", arnOf("DeadLetters")),
    SchedulerRoleArn: output("PUNCTUAL_AWS_ROLE_ARN", arnOf("SchedulerRole")),
    ServerRoleArn: output("The role that the server runs as", arnOf("ServerRole")),
    ServerProfileArn: output("The instance profile of the machine", arnOf("ServerProfile"), "IsOnEc2"),
    KmsKeyArn: output("PUNCTUAL_AWS_KMS_KEY_ID", ref("KmsKeyArn"), "HasKey")
  }
}
