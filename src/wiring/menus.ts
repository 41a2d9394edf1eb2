/** Where menus, their texts and the list of billers are, from the working directory. */
export const MENUS_DIRECTORY = 'menus';
export const TEXTS_DIRECTORY = `${MENUS_DIRECTORY}/texts`;
export const BILLERS_FILE = `${MENUS_DIRECTORY}/billers.yaml`;
