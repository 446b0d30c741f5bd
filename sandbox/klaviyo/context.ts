import type { Core } from '../core';
import type { App } from '../httpServer';
import type { TokenStore } from '../tokens';
import type { Store } from './store';
import type { Messaging } from './messaging';

/** What every Klaviyo route works with. */
export interface Klaviyo {
	app: App;
	core: Core;
	store: Store;
	tokens: TokenStore;
	messaging: Messaging;
	baseUrl(): string;
}
