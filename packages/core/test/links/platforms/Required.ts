/**
 * The seven platforms that every user expects: which addresses join, and which of their pages do not.
 * Identifiers and passcodes are invented.
 */

export interface PlatformTable {
  /** Canonical link → its key without the platform in front. */
  readonly joins: Readonly<Record<string, string>>
  /** On the platform's own hosts, or near them, and no meeting. */
  readonly pages: readonly string[]
}

const thread = "19%3ameeting_NTdhMjFhNzct%40thread.v2"
const context = "context=%7b%22Tid%22%3a%22t-1%22%2c%22Oid%22%3a%22o-1%22%7d"
const coords = "eyJjb252ZXJzYXRpb25JZCI6IjE5Om1lZXRpbmdfTlRkaE1qRmhOemN0QHRocmVhZC52MiJ9"
const uuid = "cb4f9183-62d6-43bd-80ea-4cec06b0fcfa"

export const required = {
  teams: {
    joins: {
      [`https://teams.microsoft.com/l/meetup-join/${thread}/0?${context}`]: "19:meeting_NTdhMjFhNzct@thread.v2",
      [`https://teams.microsoft.com/l/meetup-join/${thread}/0`]: "19:meeting_NTdhMjFhNzct@thread.v2",
      [`https://teams.live.com/l/meetup-join/19:0123abc@thread.tacv2/1699999999999/`]: "19:0123abc@thread.tacv2",
      [`https://gov.teams.microsoft.us/l/meetup-join/19%3Aabc%40thread.skype/0?${context}&btype=a`]:
        "19:abc@thread.skype",
      "https://teams.microsoft.com/meet/744337110262323?p=BNk0nWtHqTHjjShbow": "744337110262323",
      "https://teams.microsoft.com/meet/744337110262323": "744337110262323",
      "https://teams.live.com/meet/6775092728533?p=f32X": "6775092728533",
      "https://teams.cloud.microsoft/meet/677509272": "677509272",
      "https://teams.microsoft.us/meet/9375005993025?p=WcP6": "9375005993025",
      "https://gov.teams.microsoft.us/meet/46009789992368?p=kK99": "46009789992368",
      "https://dod.teams.microsoft.us/meet/46009789992368?p=kK99": "46009789992368",
      "https://gov.teams.microsoft.com/meet/460097899923680000": "460097899923680000",
      [`https://teams.microsoft.com/light-meetings/launch?agent=web&coords=${coords}`]:
        "19:meeting_NTdhMjFhNzct@thread.v2"
    },
    pages: [
      "https://teams.microsoft.com/",
      "https://teams.microsoft.com/meetingOptions/?organizerId=1&threadId=19_meeting_x@thread.v2",
      "https://teams.live.com/meetingOptions/meetings/2399686916284/view",
      "https://dialin.teams.microsoft.com/778187f2?id=14903020",
      `https://dialin.teams.microsoft.com/l/meetup-join/${thread}/0`,
      `https://teams.microsoft.com/l/chat/${thread}/0`,
      `https://teams.microsoft.com/l/channel/19%3Aabc%40thread.tacv2/General`,
      "https://teams.microsoft.com/l/team/19%3aabc%40thread.tacv2/conversations",
      `https://teams.microsoft.com/l/message/${thread}/1699999999999`,
      "https://teams.microsoft.com/l/call/0/0?users=a@example.com",
      "https://teams.microsoft.com/l/meeting/new?subject=Sync",
      "https://teams.microsoft.com/l/meeting/details?eventId=1",
      `https://teams.microsoft.com/l/meetingrecap?threadId=${thread}`,
      "https://teams.microsoft.com/registration/9coUQIg3,0?mode=read",
      "https://teams.microsoft.com/meet/12345678",
      "https://teams.microsoft.com/meet/1234567890123456789",
      "https://teams.microsoft.com/meet/744337110262323x?p=1",
      "https://teams.microsoft.com/meet/744337110262323/more",
      "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40example.com/0",
      "https://teams.microsoft.com/l/meetup-join/19%253ameeting_x%2540thread.v2/0",
      `https://teams.microsoft.com/l/meetup-join/${thread}/x`,
      // A context that was cut on its way: the lobby would refuse it.
      `https://teams.microsoft.com/l/meetup-join/${thread}/0?context=%7b%22Tid%22%3a%22t-`,
      `https://teams.microsoft.com/l/meetup-join/${thread}/0?context=`,
      `https://teams.microsoft.com/l/meetup-join/${thread}/0?context=%5b%5d`,
      `https://teams.microsoft.com/l/meetup-join/${thread}/0?context=%E0%A4%A`,
      "https://teams.microsoft.com/light-meetings/launch?agent=web",
      "https://teams.microsoft.com/light-meetings/launch?coords=eyJjb252ZXJzYXRpb25JZCI6IjE5Om1lZXRpb",
      `https://sub.teams.live.com/l/meetup-join/${thread}/0`,
      "https://aka.ms/JoinTeamsMeeting",
      "https://www.microsoft.com/microsoft-teams/join-a-meeting"
    ]
  },
  zoom: {
    joins: {
      "https://zoom.us/j/812345678": "812345678",
      "https://us02web.zoom.us/j/81234567890?pwd=Th6tHQjOAjS2.1": "81234567890",
      "https://us02web.zoom.us/w/81234567890?tk=abc": "81234567890",
      "https://us05web.zoom.us/s/70956384371?zak=009o": "70956384371",
      "https://zoom.com/j/81234567890/": "81234567890",
      "https://acme.zoom.com.cn/j/75778805617": "75778805617",
      "https://zoom-x.de/j/75778805617": "75778805617",
      "https://agency.zoomgov.com/wc/join/1609904125": "1609904125",
      "https://app.zoom.us/wc/34868468280/join?fromPWA=1&pwd=UD.1": "34868468280",
      "https://app.zoom.us/wc/34868468280/start": "34868468280",
      "https://zoom.us/join?confno=34868468280": "34868468280",
      "https://acme.zoom.us/my/jane.doe?pwd=1": "acme.zoom.us/my/jane.doe"
    },
    pages: [
      "https://zoom.us/",
      "https://zoom.us/j/",
      "https://zoom.us/j/12345678",
      "https://zoom.us/j/123456789012",
      "https://zoom.us/j/8123456789x",
      "https://zoom.us/j/81234567890/more",
      "https://zoom.us/x/j/81234567890",
      "https://zoom.us/my/",
      "https://zoom.us/join",
      "https://zoom.us/join?confno=1",
      "https://us06web.zoom.us/u/k211PN6fh7",
      "https://zoom.us/zoomconference?m=81234567890",
      "https://us02web.zoom.us/skype/81234567890",
      "https://acme.zoom.us/rec/play/n7ZbTK?pwd=8afB",
      "https://us02web.zoom.us/meeting/register/tZvDuv",
      "https://us02web.zoom.us/webinar/register/WN_1",
      "https://us02web.zoom.us/meeting/81234567890/ics",
      "https://events.zoom.us/j/81234567890",
      "https://support.zoom.com/hc/en/article?id=1",
      "https://marketplace.zoom.us/apps/81234567890",
      "https://zoom.us/test",
      "https://zoom.us/download"
    ]
  },
  "google-meet": {
    joins: {
      "https://meet.google.com/abc-defg-hij": "abc-defg-hij",
      "https://meet.google.com/lookup/Puvtnyioxy": "lookup/Puvtnyioxy",
      "https://stream.meet.google.com/stream/0a1b-2c": "stream/0a1b-2c"
    },
    pages: [
      "https://meet.google.com/",
      "https://meet.google.com/new",
      "https://meet.google.com/landing",
      "https://meet.google.com/getalink?hs=202",
      "https://meet.google.com/tel/abc-defg-hij",
      "https://meet.google.com/abc-defg-hijk",
      "https://meet.google.com/abc-defg",
      "https://meet.google.com/ab1-defg-hij",
      "https://meet.google.com/abc-defg-hij-klm",
      "https://meet.google.com/abcdefghij",
      "https://stream.meet.google.com/abc-defg-hij",
      "https://x.meet.google.com/abc-defg-hij",
      "https://tel.meet/abc-defg-hij?pin=1",
      "https://hangouts.google.com/call/abcdefg"
    ]
  },
  webex: {
    joins: {
      "https://contoso.webex.com/meet/jane_doe@example": "contoso.webex.com/meet/jane_doe@example",
      "https://contoso.webex.com/join/jdoe": "contoso.webex.com/join/jdoe",
      [`https://contoso.webex.com/m/${uuid}`]: `contoso.webex.com/m/${uuid}`,
      "https://contoso.webex.com/contoso/j.php?MTID=mc20df": "contoso.webex.com/mc20df",
      "https://contoso.webex.com/contoso-en/g.php?MTID=ee48&x=1": "contoso.webex.com/ee48",
      "https://contoso.webex.com/contoso/k2/j.php?MTID=t1": "contoso.webex.com/t1",
      "https://contoso.webex.com/contoso/onstage/g.php?MTID=e1": "contoso.webex.com/e1",
      "https://contoso.webex.com/contoso/m.php?MTID=m1": "contoso.webex.com/m1",
      "https://contoso.webex.com/contoso/e.php?MTID=m1": "contoso.webex.com/m1",
      "https://contoso.webex.com/contoso/j.php?ED=800482421&UID=8": "contoso.webex.com/ED/800482421",
      "https://c.webex.com/webappng/sites/c/meeting/info/6c19?launchApp=true":
        "c.webex.com/webappng/sites/c/meeting/info/6c19",
      "https://c.webex.com/webappng/sites/c/meeting/download/6c19":
        "c.webex.com/webappng/sites/c/meeting/download/6c19",
      "https://c.webex.com/wbxmjs/joinservice/sites/c/meeting/join/6c19":
        "c.webex.com/wbxmjs/joinservice/sites/c/meeting/join/6c19"
    },
    pages: [
      "https://webex.com/meet/jdoe",
      "https://www.webex.com/meet/jdoe",
      "https://help.webex.com/meet/jdoe",
      "https://signin.webex.com/join/jdoe",
      "https://contoso.webex.com/",
      "https://contoso.webex.com/meet/",
      "https://contoso.webex.com/meet/jdoe/more",
      "https://contoso.webex.com/m/not-a-uuid",
      "https://contoso.webex.com/contoso/j.php",
      "https://contoso.webex.com/contoso/j.php?MTID=",
      "https://contoso.webex.com/contoso/j.php?MTID=/",
      "https://contoso.webex.com/contoso/globalcallin.php?MTID=ma6f",
      "https://contoso.webex.com/contoso/lsr.php?RCID=b45d",
      "https://contoso.webex.com/contoso/ldr.php?MTID=b45d",
      "https://contoso.webex.com/recordingservice/sites/contoso/recording/1",
      "https://contoso.webex.com/webappng/sites/contoso/recording/f98/playback",
      "https://contoso.webex.com/webappng/sites/contoso/meeting/home",
      "https://contoso.webex.com/webappng/sites/contoso/dashboard",
      "https://contoso.webex.com/weblink/register/raf7"
    ]
  },
  gotomeeting: {
    joins: {
      "https://global.gotomeeting.com/join/552755162": "global.gotomeeting.com/join/552755162",
      "https://gotomeeting.com/join/2447109110": "gotomeeting.com/join/2447109110",
      "https://meet.goto.com/592612247": "meet.goto.com/592612247",
      "https://meet.goto.com/JaneDoe": "meet.goto.com/JaneDoe",
      "https://meet.goto.com/acme/weekly-sync": "meet.goto.com/acme/weekly-sync",
      "https://app.goto.com/meeting/282794006": "app.goto.com/meeting/282794006",
      "https://gotomeet.me/acmeroom/": "gotomeet.me/acmeroom",
      "https://www.gotomeet.me/AcmeInc/standup": "www.gotomeet.me/AcmeInc/standup"
    },
    pages: [
      "https://www.gotomeeting.com/",
      "https://global.gotomeeting.com/install/753795403",
      "https://global.gotomeeting.com/join/12345678",
      "https://link.gotomeeting.com/system-check",
      "https://support.goto.com/meeting/help/join-a-meeting",
      "https://meet.goto.com/",
      "https://meet.goto.com/install/592612247",
      "https://meet.goto.com/Login",
      "https://meet.goto.com/a/b/c",
      "https://app.goto.com/meeting/x",
      "https://x.gotomeet.me/acmeroom",
      "https://attendee.gotowebinar.com/register/123"
    ]
  },
  bluejeans: {
    joins: {
      "https://bluejeans.com/844211148": "844211148",
      "https://bluejeans.com/844211148/3411": "844211148",
      "https://contoso.bluejeans.com/1812798411/2320/webrtc?src=x": "1812798411",
      "https://www.bluejeans.com/606256353/browser": "606256353",
      "https://primetime.bluejeans.com/a2m/live-event/xvbujgwe": "primetime.bluejeans.com/a2m/live-event/xvbujgwe"
    },
    pages: [
      "https://bluejeans.com/",
      "https://bluejeans.com/111",
      "https://www.bluejeans.com/numbers",
      "https://bluejeans.com/844211148/34",
      "https://bluejeans.com/844211148/3411/5",
      "https://support.bluejeans.com/123456789",
      "https://swdl.bluejeans.com/123456789",
      "https://primetime.bluejeans.com/a2m/register/xvbujgwe",
      "https://bluejeans.com/playback/s/abc"
    ]
  },
  whereby: {
    joins: {
      "https://whereby.com/acme-standup": "whereby.com/acme-standup",
      "https://www.whereby.com/jane-doe": "www.whereby.com/jane-doe",
      "https://acme.whereby.com/standup?roomKey=eyJ": "acme.whereby.com/standup",
      "https://appear.in/acme": "appear.in/acme"
    },
    pages: [
      "https://whereby.com/",
      "https://whereby.com/information/",
      "https://whereby.com/Pricing",
      "https://whereby.com/user/signup",
      "https://whereby.com/acme/standup",
      "https://support.whereby.com/hc",
      "https://docs.whereby.com/start",
      "https://accounts.whereby.com/x",
      "https://x.appear.in/acme"
    ]
  }
} as const satisfies Readonly<Record<string, PlatformTable>>
