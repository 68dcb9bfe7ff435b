/** The less common platforms: which addresses join, and which of their pages do not. Identifiers are invented. */
import type { PlatformTable } from "./Required.ts"

const uuid = "cb4f9183-62d6-43bd-80ea-4cec06b0fcfa"

export const extended = {
  chime: {
    joins: {
      "https://chime.aws/1934611696": "1934611696",
      "https://app.chime.aws/meetings/1934611696": "1934611696"
    },
    pages: ["https://chime.aws/dialinnumbers/", "https://chime.aws/123456789", "https://app.chime.aws/meetings"]
  },
  jitsi: {
    joins: {
      "https://meet.jit.si/TeamRetro": "meet.jit.si/TeamRetro",
      "https://meet.jit.si/acme/TeamRetro?jwt=x": "meet.jit.si/acme/TeamRetro"
    },
    pages: [
      "https://meet.jit.si/",
      "https://meet.jit.si/static/dialInInfo.html?room=TeamRetro",
      "https://meet.jit.si/a/b/c",
      "https://jitsi.example.org/planning"
    ]
  },
  "8x8": {
    joins: { "https://8x8.vc/acme/jane.doe": "8x8.vc/acme/jane.doe" },
    pages: ["https://8x8.vc/", "https://8x8.vc/acme", "https://www.8x8.com/acme/jane.doe"]
  },
  slack: {
    joins: { "https://app.slack.com/huddle/T59V0T9VL/DAWM0ZIED": "app.slack.com/huddle/T59V0T9VL/DAWM0ZIED" },
    pages: ["https://acme.slack.com/archives/C9EF/p1759", "https://app.slack.com/client/T59V0T9VL/DAWM0ZIED"]
  },
  discord: {
    joins: {
      "https://discord.gg/pvqJIGx": "discord.gg/pvqJIGx",
      "https://discord.com/invite/pvqJIGx": "discord.com/invite/pvqJIGx",
      "https://discordapp.com/channels/2748/3191": "discordapp.com/channels/2748/3191",
      "https://discord.com/events/2748/3191": "discord.com/events/2748/3191"
    },
    pages: ["https://discord.com/", "https://discord.com/channels/@me/3191", "https://discord.com/developers/docs"]
  },
  ringcentral: {
    joins: {
      "https://v.ringcentral.com/join/355011794": "355011794",
      "https://video.ringcentral.com/join/355011794?pw=1": "355011794",
      "https://meetings.ringcentral.com/j/1487571090?pwd=dJ3u": "meetings.ringcentral.com/j/1487571090"
    },
    pages: ["https://v.ringcentral.com/teleconference/", "https://www.ringcentral.com/join/1"]
  },
  lark: {
    joins: {
      "https://vc.feishu.cn/j/332177846": "vc.feishu.cn/j/332177846",
      "https://vc.larksuite.com/j/332177846": "vc.larksuite.com/j/332177846"
    },
    pages: ["https://www.feishu.cn/download", "https://vc.feishu.cn/x/332177846"]
  },
  livestorm: {
    joins: {
      [`https://app.livestorm.co/p/${uuid}`]: uuid,
      [`https://app.livestorm.com/p/${uuid}/live?s=1`]: uuid
    },
    pages: [`https://app.livestorm.co/p/${uuid}/form`, "https://app.livestorm.co/acme/product-webinar"]
  },
  around: {
    joins: { "https://around.co/r/team-standup": "team-standup", "https://meet.around.co/r/x": "x" },
    pages: ["https://around.co/", "https://around.co/pricing"]
  },
  streamyard: {
    joins: {
      "https://streamyard.com/puztspyblv": "puztspyblv",
      "https://streamyard.com/guest/puztspyblv": "puztspyblv"
    },
    pages: ["https://streamyard.com/pricing", "https://streamyard.com/resources", "https://streamyard.com/a/puztspyblv"]
  },
  demio: {
    joins: { "https://event.demio.com/ref/Ab-1": "event.demio.com/ref/Ab-1" },
    pages: ["https://my.demio.com/ref/Ab-1", "https://event.demio.com/"]
  },
  zoho: {
    joins: {
      "https://meeting.zoho.eu/join?key=4452965721": "meeting.zoho.eu/4452965721",
      "https://meeting.zoho.com.au/meeting/join?key=1": "meeting.zoho.com.au/1",
      "https://meet.zoho.com/oobj-pme-bli": "meet.zoho.com/oobj-pme-bli",
      "https://cliq.zoho.in/meetings/17-2": "cliq.zoho.in/meetings/17-2"
    },
    pages: ["https://meeting.zoho.eu/join", "https://meeting.zoho.fr/join?key=1", "https://meet.zoho.com/abc-defg-hij"]
  },
  "skype-for-business": {
    joins: { "https://meet.lync.com/fabrikam/jane/MQOITDRV?sl=1": "meet.lync.com/fabrikam/jane/MQOITDRV" },
    pages: [
      "https://dialin.lync.com/62ed0683",
      "https://meet.lync.com/jane/MQOITDRV",
      "https://meet.fabrikam.example/a/B"
    ]
  },
  skype: {
    joins: { "https://join.skype.com/AbCdEf123": "join.skype.com/AbCdEf123" },
    pages: ["https://join.skype.com/", "https://www.skype.com/en/features"]
  },
  vonage: {
    joins: { "https://meetings.vonage.com/123456789": "meetings.vonage.com/123456789" },
    pages: ["https://meetings.vonage.com/", "https://meetings.vonage.com/12345678"]
  },
  pexip: {
    joins: { "https://pexip.me/meet/jane.doe": "pexip.me/meet/jane.doe" },
    pages: ["https://pexip.me/teams/acme.example/1234", "https://pexip.me/"]
  },
  gotowebinar: {
    joins: { "https://global.gotowebinar.com/join/2001183477679839851/8150": "2001183477679839851" },
    pages: ["https://attendee.gotowebinar.com/register/2001", "https://global.gotowebinar.com/join/2001"]
  },
  facetime: {
    joins: { "https://facetime.apple.com/join#v=1&p=Yjs27&k=M6B0": "Yjs27" },
    pages: ["https://facetime.apple.com/join", "https://facetime.apple.com/join#v=1", "https://facetime.apple.com/#p=1"]
  },
  dialpad: {
    joins: {
      "https://meetings.dialpad.com/janedoe": "meetings.dialpad.com/janedoe",
      "https://meetings.dialpad.com/room/acme/standup": "meetings.dialpad.com/room/acme/standup"
    },
    pages: ["https://meetings.dialpad.com/", "https://meetings.dialpad.com/room", "https://meetings.dialpad.com/a/b"]
  },
  riverside: {
    joins: { "https://riverside.fm/studio/jane": "jane", "https://riverside.com/studio/jane?t=1": "jane" },
    pages: ["https://riverside.fm/login", "https://riverside.fm/studio"]
  },
  gather: {
    joins: { "https://app.gather.town/app/Xy1/office": "app.gather.town/app/Xy1/office" },
    pages: ["https://app.gather.town/", "https://gather.town/app/Xy1/office"]
  },
  "cal-video": {
    joins: { "https://app.cal.com/video/abC-1": "app.cal.com/video/abC-1" },
    pages: ["https://cal.com/jane/30min", "https://app.cal.com/bookings"]
  },
  "proton-meet": {
    joins: { "https://meet.proton.me/join/id-1#pwd-2": "id-1" },
    pages: ["https://meet.proton.me/join/id-1", "https://meet.proton.me/#pwd-2"]
  },
  tencent: {
    joins: {
      "https://meeting.tencent.com/dm/WYLCSyTA": "meeting.tencent.com/dm/WYLCSyTA",
      "https://voovmeeting.com/s/WYLCSyTA": "voovmeeting.com/s/WYLCSyTA",
      "https://meeting.tencent.com/p/8123": "meeting.tencent.com/p/8123"
    },
    pages: ["https://meeting.tencent.com/", "https://meeting.tencent.com/download"]
  }
} as const satisfies Readonly<Record<string, PlatformTable>>
