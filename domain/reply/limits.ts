/** How long a claim lasts, and how far apart clocks may be. In milliseconds. */
export const sendLimits = {
	/** Nothing is sent later than this after its claim: another run may take this one for dead and try itself. */
	startsWithin: 30_000,
	/**
	 * A minute and a half for sending to finish after the claim, five minutes for Klaviyo's log to show the message, and a
	 * margin. After that, a message that an up-to-date log does not show was not sent.
	 */
	settleTime: 400_000,
	/** How far apart Zendesk's and Klaviyo's clocks may be when Klaviyo's log is searched. */
	clockMargin: 60_000,
} as const;
