/** How long a claim is good for, in milliseconds, and how far clocks may be apart. */
export const sendLimits = {
	/** Nothing is sent later than this after its claim: another run may think it dead and try itself. */
	startsWithin: 30_000,
	/**
	 * A minute and a half for a send to end after its claim, five minutes for Klaviyo's log to show it, and a margin:
	 * later, a message that a current log does not show was not sent.
	 */
	settleTime: 400_000,
	/** How far apart Zendesk's and Klaviyo's clocks may be when the log is searched. */
	clockMargin: 60_000,
} as const;
