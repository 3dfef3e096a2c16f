// SPDX-License-Identifier: EUPL-1.2
// kiosk.json: how this terminal is set up at its place: languages, card certificates, ages, times,
// panel. Everything that law or place may change is here and not in code. Strict: an unknown member
// is refused, so that a typing mistake is not a silent default. Pure but for load. Form (every
// member but schema, provider and card may be left out):
// {"schema":"freigabe-kiosk-1","provider":text,"languages":["de",...],"language_default":tag,"low_reach":bool,
//  "card":{"certificates":[path],"sector":path,"csca":[path],"signer":"local" or "remote",
//    "block_list":{"file":path,"sector":path,"days_max":n}},
//  "ages":{"eid_age_min":n,"capacity_age":n,"majority":n},
//  "seconds":{"idle_warning":n,"idle_purge":n,"card_return":n,"done":n},"staff_call":bool,
//  "slip_reader":path of a serial line,"printer":path of its device,
//  "panel":{"width":px,"height":px,"um_per_px":n},"syncd_user":name,
//  "keys":{"kind":"file"} or {"kind":"pkcs11","uri":RFC 7512 URI,"module":path}}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/keys/key_place.hpp"
#include "kiosk/core/setup.hpp"

namespace runtime {

struct PanelSize {
    std::uint32_t width_px = 1080;
    std::uint32_t height_px = 1920;
    std::uint32_t um_per_px = 311;  ///< micrometres: 27 inch portrait panel
};

/// Where the key for terminal authentication is: in the key store, or at the site's eID service.
enum class SignerPlace : std::uint8_t { local, remote };

struct BlockListFiles {
    std::string file;            ///< as eid/block_list.hpp; renewed in its place
    std::string sector;          ///< public key of the revocation sector, 7F49
    std::uint32_t days_max = 0;  ///< an older one turns the PIN off (LR-80)
};

struct CardFiles {
    /// CV certificates, DER: link, DV and the terminal's own; a remote signer brings its own.
    std::vector<std::string> certificates;
    std::string sector;             ///< sector public key, 7F49
    std::vector<std::string> csca;  ///< X.509, DER
    SignerPlace signer = SignerPlace::local;
    std::optional<BlockListFiles> block_list;  ///< nothing: cards are not looked up
};

struct KioskFile {
    std::string provider;  ///< who reads the card, as the certificate names it (LR-76)
    std::vector<std::string> languages{"de", "de-x-leicht", "en", "ar"};
    std::string language_default = "de";
    bool low_reach = false;
    bool staff_call = false;
    std::string printer;      ///< device of the slip printer; empty = none
    std::string slip_reader;  ///< serial line of the reader for slips; empty = none
    CardFiles card;           ///< relative to the folder of the file
    consent::AgeRules ages;
    std::uint32_t idle_warning_s = 45;
    std::uint32_t idle_purge_s = 30;
    std::uint32_t card_return_s = 10;
    std::uint32_t done_s = 20;
    PanelSize panel;
    std::string syncd_user;  ///< empty = the user that runs the kiosk
    keys::TokenPlace token;  ///< with journal and terminal key; empty uri = key files in the state
};

/// errors  config_bad: form, an unknown member, a language or number out of range.
base::Result<KioskFile> parse_kiosk_file(std::string_view json);

/// The name a language has in itself, for the start screen; empty if we do not know it.
[[nodiscard]] std::string_view own_name(std::string_view tag);

}  // namespace runtime
