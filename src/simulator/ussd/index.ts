export { NETWORKS, networkById } from './network.ts';
export { makeUssdNetwork, type UssdNetwork } from './ussd-network.ts';
