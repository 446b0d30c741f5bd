import type { SandboxSwitches } from './types';

/** The switches as documented in types.ts, with what was asked for laid over the defaults. */
export function makeSwitches(asked: Partial<SandboxSwitches> = {}): SandboxSwitches {
	return {
		commentAddedOnCreate: true,
		statusChangedOnAutomation: true,
		mergeMarked: true,
		ticketListLag: 0,
		auditLag: 0,
		searchLag: 0,
		concurrentKey: '409',
		createDuration: 0,
		errorLanguage: 'en',
		incrementalExportAllowed: true,
		repeatedBulkId: 'refused',
		organisationPrefix: '',
		shortenLinks: false,
		undeliverableNumbers: [],
		outboundLogLag: 0,
		eventLag: 0,
		retryTimestamp: 'renewed',
		systemWebhooksAllowed: true,
		conversationsEnabled: true,
		conversationShape: 'plural',
		latency: 0,
		webhooks: true,
		...asked,
		faults: {
			tooManyRequests: 0,
			serverError: 0,
			lostAnswer: 0,
			duplicateDelivery: 0,
			...asked.faults,
		},
	};
}
