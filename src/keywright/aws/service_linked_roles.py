"""
The roles that AWS's services make for themselves: their names, policies, suffixes and descriptions.

71 of the services were recorded from AWS on 2025-03-13 (facts/service-linked-roles.tsv); the others are from their own
guides (each has a page "Using service-linked roles") and from the role ARNs in AWS's managed policies. A service that
is not here has none in Keywright.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class ServiceLinkedRole(NamedTuple):
    """The name of a service's role and the permissions that AWS gives it."""

    name: str
    policy_name: str
    """Of a policy below `arn:aws:iam::aws:policy/aws-service-role/`."""
    takes_suffix: bool = False
    """Whether an account may have several."""
    description: str | None = None
    """The description that AWS writes where the request has none."""

    def role_name(self, suffix: str | None) -> str:
        """Return the role's name, with the suffix that tells it from the service's others."""
        return self.name if suffix is None else f"{self.name}_{suffix}"


SERVICE_LINKED_ROLES: Final[Mapping[str, ServiceLinkedRole]] = {
    "access-analyzer.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAccessAnalyzer", "AccessAnalyzerServiceRolePolicy"
    ),
    "accountdiscovery.ssm.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonSSM_AccountDiscovery", "AWSSystemsManagerAccountDiscoveryServicePolicy"
    ),
    "acm.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForCertificateManager", "CertificateManagerServiceRolePolicy"
    ),
    "apidestinations.events.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEventBridgeApiDestinations", "AmazonEventBridgeApiDestinationsServiceRolePolicy"
    ),
    "application-signals.cloudwatch.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForCloudWatchApplicationSignals", "CloudWatchApplicationSignalsServiceRolePolicy"
    ),
    "appmesh.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAppMesh", "AWSAppMeshServiceRolePolicy"),
    "apprunner.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAppRunner", "AppRunnerServiceRolePolicy"),
    "autoscaling-plans.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAutoScalingPlans_EC2AutoScaling", "AWSAutoScalingPlansEC2AutoScalingPolicy"
    ),
    "autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy", takes_suffix=True
    ),
    "backup.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForBackup", "AWSBackupServiceLinkedRolePolicyForBackup"),
    "batch.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForBatch", "BatchServiceRolePolicy"),
    "cassandra.application-autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForApplicationAutoScaling_CassandraTable", "AWSApplicationAutoscalingCassandraTablePolicy"
    ),
    "cks.kms.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForKeyManagementServiceCustomKeyStores",
        "AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy",
    ),
    "cloudtrail.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForCloudTrail", "CloudTrailServiceRolePolicy"),
    "codestar-notifications.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForCodeStarNotifications", "AWSCodeStarNotificationsServiceRolePolicy"
    ),
    "cognito-idp.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonCognitoIdp", "AmazonCognitoIdpServiceRolePolicy"
    ),
    "config.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForConfig", "AWSConfigServiceRolePolicy"),
    "connect.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonConnect", "AmazonConnectServiceLinkedRolePolicy", takes_suffix=True
    ),
    "dax.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForDAX", "DAXServiceRolePolicy"),
    "delivery.logs.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForLogDelivery", "AWSServiceRoleForLogDeliveryPolicy"
    ),
    "dms-fleet-advisor.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForDMSFleetAdvisor", "AWSDMSFleetAdvisorServiceRolePolicy"
    ),
    "dms.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForDMSServerless", "AWSDMSServerlessServiceRolePolicy"),
    "docdb-elastic.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForDocDB-Elastic", "AmazonDocDB-ElasticServiceRolePolicy"
    ),
    "dynamodb.application-autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable", "AWSApplicationAutoscalingDynamoDBTablePolicy"
    ),
    "ec2-instance-connect.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForEc2InstanceConnect", "Ec2InstanceConnectEndpoint"
    ),
    "ec2.application-autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForApplicationAutoScaling_EC2SpotFleetRequest",
        "AWSApplicationAutoscalingEC2SpotFleetRequestPolicy",
    ),
    "ec2fleet.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEC2Fleet", "AWSEC2FleetServiceRolePolicy"),
    "ecr.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForECRTemplate", "ECRTemplateServiceRolePolicy"),
    "ecs.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForECS", "AmazonECSServiceRolePolicy"),
    "ecs.application-autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForApplicationAutoScaling_ECSService", "AWSApplicationAutoscalingECSServicePolicy"
    ),
    "eks-connector.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEKSConnector", "AmazonEKSConnectorServiceRolePolicy"
    ),
    "eks-fargate.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEKSForFargate", "AmazonEKSForFargateServiceRolePolicy"
    ),
    "eks-nodegroup.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEKSNodegroup", "AWSServiceRoleForAmazonEKSNodegroup"
    ),
    "eks.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonEKS", "AmazonEKSServiceRolePolicy"),
    "elasticache.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForElastiCache", "ElastiCacheServiceRolePolicy"),
    "elasticbeanstalk.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForElasticBeanstalk", "AWSElasticBeanstalkServiceRolePolicy"
    ),
    "elasticfilesystem.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonElasticFileSystem", "AmazonElasticFileSystemServiceRolePolicy"
    ),
    "elasticloadbalancing.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForElasticLoadBalancing", "AWSElasticLoadBalancingServiceRolePolicy"
    ),
    "elasticmapreduce.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEMRCleanup", "AmazonEMRCleanupPolicy"),
    "email.cognito-idp.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonCognitoIdpEmailService", "AmazonCognitoIdpEmailServiceRolePolicy"
    ),
    "emr-containers.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEMRContainers", "AmazonEMRContainersServiceRolePolicy"
    ),
    "emrwal.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEMRWAL", "EMRDescribeClusterPolicyForEMRWAL"),
    "es.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonElasticsearchService", "AmazonElasticsearchServiceRolePolicy"
    ),
    "events.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForCloudWatchEvents", "CloudWatchEventsServiceRolePolicy"),
    "fis.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForFIS", "AmazonFISServiceRolePolicy"),
    "fms.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForFMS", "FMSServiceRolePolicy"),
    "fsx.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonFSx", "AmazonFSxServiceRolePolicy"),
    "globalaccelerator.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForGlobalAccelerator", "AWSGlobalAcceleratorSLRPolicy"
    ),
    "grafana.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonGrafana", "AmazonGrafanaServiceLinkedRolePolicy"
    ),
    "guardduty.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"
    ),
    "imagebuilder.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForImageBuilder", "AWSServiceRoleForImageBuilder"),
    "inspector2.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonInspector2", "AmazonInspector2ServiceRolePolicy"
    ),
    "iotmanagedintegrations.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForIoTManagedIntegrations", "AWSIoTManagedIntegrationsRolePolicy"
    ),
    "kafka.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForKafka", "KafkaServiceRolePolicy"),
    "kafkaconnect.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForKafkaConnect", "KafkaConnectServiceRolePolicy"),
    "lakeformation.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForLakeFormationDataAccess", "LakeFormationDataAccessServiceRolePolicy"
    ),
    "lambda.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLambda", "AWSLambdaServiceRolePolicy"),
    "lex.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLexBots", "AmazonLexBotPolicy"),
    "lexv2.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLexV2Bots", "AmazonLexV2BotPolicy", takes_suffix=True),
    "lightsail.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLightsail", "LightsailExportAccess"),
    "m2.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAWSM2", "AWSM2ServicePolicy"),
    "macie.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonMacie", "AmazonMacieServiceRolePolicy"),
    "memorydb.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForMemoryDB", "MemoryDBServiceRolePolicy"),
    "mq.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonMQ", "AmazonMQServiceRolePolicy"),
    "mrk.kms.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForKeyManagementServiceMultiRegionKeys",
        "AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy",
    ),
    "network-firewall.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForNetworkFirewall", "AWSNetworkFirewallServiceRolePolicy"
    ),
    "notifications.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAwsUserNotifications", "AWSUserNotificationsServiceLinkedRolePolicy"
    ),
    "observability.aoss.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonOpenSearchServerless", "AmazonOpenSearchServerlessServiceRolePolicy"
    ),
    "opensearchservice.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonOpenSearchService", "AmazonOpenSearchServiceRolePolicy"
    ),
    "ops.apigateway.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAPIGateway", "APIGatewayServiceRolePolicy"),
    "ops.emr-serverless.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEMRServerless", "AmazonEMRServerlessServiceRolePolicy"
    ),
    "opsdatasync.ssm.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForSystemsManagerOpsDataSync", "AWSSystemsManagerOpsDataSyncServiceRolePolicy"
    ),
    "opsinsights.ssm.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonSSM_OpsInsights", "AWSSSMOpsInsightsServiceRolePolicy"
    ),
    "organizations.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForOrganizations", "AWSOrganizationsServiceTrustPolicy"
    ),
    "osis.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonOpenSearchIngestionService", "AmazonOpenSearchIngestionServiceRolePolicy"
    ),
    "pullthroughcache.ecr.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForECRPullThroughCache", "AWSECRPullThroughCache_ServiceRolePolicy"
    ),
    "ram.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForResourceAccessManager", "AWSResourceAccessManagerServiceRolePolicy"
    ),
    "rds.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForRDS",
        "AmazonRDSServiceRolePolicy",
        description="Allows Amazon RDS to manage AWS resources on your behalf",
    ),
    "redshift.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForRedshift", "AmazonRedshiftServiceLinkedRolePolicy"),
    "replication.cassandra.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForKeyspacesReplication", "KeyspacesReplicationServiceRolePolicy"
    ),
    "replication.dynamodb.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForDynamoDBReplication", "DynamoDBReplicationServiceRolePolicy"
    ),
    "replication.ecr.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForECRReplication", "ECRReplicationServiceRolePolicy"
    ),
    "repository.sync.codeconnections.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForGitSync", "AWSGitSyncServiceRolePolicy"
    ),
    "resource-explorer-2.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForResourceExplorer", "AWSResourceExplorerServiceRolePolicy"
    ),
    "rolesanywhere.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForRolesAnywhere", "AWSRolesAnywhereServicePolicy"),
    "s3-outposts.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForS3OnOutposts", "AWSS3OnOutpostsServiceRolePolicy"),
    "securityhub.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForSecurityHub", "AWSSecurityHubServiceRolePolicy"),
    "ses.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonSES", "AmazonSESServiceRolePolicy"),
    "shield.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAWSShield", "AWSShieldServiceRolePolicy"),
    "spot.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEC2Spot", "AWSEC2SpotServiceRolePolicy"),
    "spotfleet.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEC2SpotFleet", "AWSEC2SpotFleetServiceRolePolicy"),
    "ssm-incidents.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForIncidentManager", "AWSIncidentManagerServiceRolePolicy"
    ),
    "ssm-quicksetup.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForSSMQuickSetup", "SSMQuickSetupRolePolicy"),
    "ssm.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonSSM",
        "AmazonSSMServiceRolePolicy",
        description="Provides access to AWS Resources managed or used by Amazon SSM.",
    ),
    "sso.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForSSO",
        "AWSSSOServiceRolePolicy",
        description=(
            "Service-linked role used by AWS SSO to manage AWS resources, including IAM roles, policies and SAML IdP "
            "on your behalf."
        ),
    ),
    "support.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForSupport", "AWSSupportServiceRolePolicy"),
    "transitgateway.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForVPCTransitGateway", "AWSVPCTransitGatewayServiceRolePolicy"
    ),
    "trustedadvisor.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForTrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"
    ),
    "vpc-lattice.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForVpcLattice", "AWSVpcLatticeServiceRolePolicy"),
    "vpcorigin.cloudfront.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForCloudFrontVPCOrigin", "AWSCloudFrontVPCOriginServiceRolePolicy"
    ),
    "waf.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForWAFLogging", "WAFLoggingServiceRolePolicy"),
    "wafv2.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForWAFV2Logging", "WAFV2LoggingServiceRolePolicy"),
}
"""By service principal."""
