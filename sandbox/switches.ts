import { switchChanges } from './switchTable';
import type { AskedSwitches, SandboxSwitches } from './types';

/**
 * Switches for a whole run, from `SANDBOX_SWITCHES='{"metricNames":"sms"}'`: runs tests, the demo or chaos with an
 * account of another kind.
 */
function switchesOfRun(): object {
	const { SANDBOX_SWITCHES: asked } = process.env;
	return asked ? switchChanges.parse(JSON.parse(asked)).switches : {};
}

/** The switches as documented in types.ts: the defaults, overridden by what was asked for. */
export function makeSwitches(asked: AskedSwitches = {}): SandboxSwitches {
	return {
		commentAddedOnCreate: true,
		statusChangedOnAutomation: true,
		mergeMarked: true,
		ticketListLag: 0,
		auditLag: 0,
		searchLag: 0,
		concurrentKey: '409',
		createDuration: 0,
		suspendedRequester: 'refused',
		uniqueUserExternalIds: true,
		attachmentSize: 52_428_800,
		secureDownloads: false,
		errorLanguage: 'en',
		incrementalExportAllowed: true,
		exportEndTime: 'after',
		zendeskForbids: [],
		allowedScopes: 'read write',
		agentSignature: 'Mia Jensen\nAcme Support | +1 202 555 0100',
		apiComments: 'allForms',
		ruleChanges: 'net',
		eventVia: 'rules',
		exportedVia: 'words',
		exportedCalls: 'VoiceComment',
		callsInWebhooks: true,
		sideloadedUsers: 'all',
		deletionIsStatus: true,
		ticketUpdateLimit: 100,
		requiredToSolve: false,
		customStatuses: false,
		repeatedBulkId: 'refused',
		organisationPrefix: '',
		unsubscribeSuffix: '',
		plainCharacters: false,
		shortenLinks: false,
		longestMessage: 0,
		outboundWords: true,
		strangeIdentifiers: 'unknown',
		undeliverablePhones: [],
		failsAfterDelivery: false,
		sendingIds: true,
		outboundLogLag: 0,
		eventLag: 0,
		inboundLogLag: 0,
		metricNames: 'textMessage',
		topicNames: 'both',
		topicSent: 'both',
		messageTypes: true,
		missingTopics: [],
		metricsFromStart: true,
		flowJson: 'escaped',
		flowTime: 'timestamp',
		retryTimestamp: 'renewed',
		keyScopes: 'all',
		metricIdLists: true,
		systemWebhooksAllowed: true,
		conversationsEnabled: true,
		conversationShape: 'plural',
		latency: 0,
		heldAnswer: 35_000,
		latestDelivery: 180_000,
		away: [],
		endlessLists: [],
		webhooks: true,
		...switchesOfRun(),
		...asked,
		faults: {
			tooManyRequests: 0,
			serverError: 0,
			lostAnswer: 0,
			droppedConnection: 0,
			timeOut: 0,
			tokenExpiry: 0,
			duplicateDelivery: 0,
			lateDelivery: 0,
			...asked.faults,
		},
	};
}
