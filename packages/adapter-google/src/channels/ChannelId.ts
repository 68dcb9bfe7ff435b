/**
 * What a channel is known by: the id that we gave it, and the id of what it watches, which Google gave. Ending one takes
 * both, and every notification names both.
 * Decides how the two are one text.
 */
export interface ChannelId {
  readonly channelId: string
  readonly resourceId: string
}

/** Ids of ours hold no dot. */
export const writeChannelId = ({ channelId, resourceId }: ChannelId): string => `${channelId}.${resourceId}`

/** Null: none of ours. */
export const readChannelId = (text: string): ChannelId | null => {
  const place = text.indexOf(".")
  return place < 1 || place === text.length - 1 || text.length > channelIdLengthMax
    ? null
    : { channelId: text.slice(0, place), resourceId: text.slice(place + 1) }
}

/** The channel's own id, of one that is written so. */
export const shownChannelId = (text: string): string => readChannelId(text)?.channelId ?? text

/** Google takes 64 characters for a channel's; a resource's were seen with 27. */
export const channelIdLengthMax = 512
