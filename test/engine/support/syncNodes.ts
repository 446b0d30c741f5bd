/** Nodes that a process loads together: they share its memory. */
export { KlaviyoTrigger } from '../../../nodes/Klaviyo/KlaviyoTrigger.node';
export { ZendeskSync } from '../../../nodes/ZendeskSync/ZendeskSync.node';
