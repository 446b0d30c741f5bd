/** The custom property with a customer's number of open tickets, which the segment of open tickets reads. */
export const OPEN_TICKET_COUNT = 'Open Ticket Count';
