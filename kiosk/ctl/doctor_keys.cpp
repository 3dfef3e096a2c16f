// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at what a terminal proves itself with: its keys, wherever kiosk.json says they are,
// the signer of its site, and the list of cards reported lost.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "drivers/crypto/random.hpp"
#include "drivers/eid/block_list.hpp"
#include "drivers/keys/file_key_store.hpp"
#include "drivers/keys/pkcs11_key_store.hpp"
#include "kiosk/ctl/doctor.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

namespace fs = std::filesystem;
using model::Json;

/// A member of kiosk.json that is an object; an empty one if the file has none. Forgiving, because
/// a doctor looks at broken files.
Json member_of(const DoctorPlace& place, const char* name) {
    const auto content = read_file(place.config.string());
    if (!content) return Json::object();
    const auto json = model::parse_json(base::as_text(*content), content->size());
    if (!json || !json->is_object()) return Json::object();
    const auto found = json->find(name);
    return found != json->end() && found->is_object() ? *found : Json::object();
}

std::string text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    const auto* text = found == object.end() ? nullptr : found->get_ptr<const std::string*>();
    return text == nullptr ? std::string() : *text;
}

void missing(Findings& out, const std::string& name, const std::string& remedy) {
    out.bad("keys", "key " + name + ": not there", remedy);
}

void look_at_files(Findings& out, const fs::path& folder, const std::vector<std::string>& names) {
    crypto::SystemRandom random;
    auto store = keys::FileKeyStore::open(folder, random);
    if (!store) {
        const bool open = store.error().code == base::Errc::key_bad;
        out.bad("keys", "keys: " + text_of(store.error()),
                open ? "chmod 600 keys/*.key; a damaged key needs a new enrolment"
                     : "start as the user of the kiosk, or enrol");
        return;
    }
    for (const auto& name : names) {
        if (store->key(name))
            out.ok("keys", "key " + name);
        else
            missing(out, name, "put it into keys/" + name + ".key with mode 0600");
    }
}

const char* remedy_of_token(base::Errc code) {
    switch (code) {
        case base::Errc::device_absent:
            return "put the token in; freigabectl keys show --uri URI --name journal";
        case base::Errc::key_bad:
            return "PIN file 0600; a token with one try left wants its PIN from a human first";
        case base::Errc::file_io:
            return "the URI's pin-source names a file that this user can read";
        default:
            return "compare \"keys\" in kiosk.json with freigabectl keys show --help";
    }
}

void look_at_token(Findings& out, const keys::TokenPlace& place,
                   const std::vector<std::string>& names) {
    auto store = keys::Pkcs11KeyStore::open(place);
    if (!store) {
        out.bad("keys", "token: " + text_of(store.error()), remedy_of_token(store.error().code));
        return;
    }
    for (const auto& name : names) {
        const auto point = store->public_point(name);
        if (point)
            out.ok("keys", "key " + name + " on the token");
        else
            out.bad("keys", "key " + name + " on the token: " + text_of(point.error()),
                    "freigabectl keys create --uri URI --name " + name);
    }
}

}  // namespace

bool signer_is_remote(const DoctorPlace& place) {
    return text_in(member_of(place, "card"), "signer") == "remote";
}

void look_at_keys(Findings& out, const DoctorPlace& place) {
    std::vector<std::string> own{"journal"};
    if (!signer_is_remote(place)) own.emplace_back("terminal");
    const Json keys = member_of(place, "keys");
    if (text_in(keys, "kind") == "pkcs11") {
        look_at_token(out, {text_in(keys, "uri"), text_in(keys, "module")}, own);
        own.clear();
    }
    // The key for TLS is syncd's, which has no token.
    own.emplace_back("tls");
    look_at_files(out, place.state / "keys", own);
}

void look_at_signer(Findings& out, const DoctorPlace& place) {
    if (!signer_is_remote(place)) return;
    const auto content = read_file((place.state / "syncd.json").string());
    const auto json = content ? model::parse_json(base::as_text(*content), content->size())
                              : base::Result<Json>(tl::unexpected(content.error()));
    const bool named = json && json->is_object() && json->contains("signer");
    if (!named) {
        out.bad("signer", "signer: kiosk.json says remote, and syncd.json names none",
                "write \"signer\" into syncd.json: origin, ca, kiosk_socket");
        return;
    }
    out.ok("signer", "signer: the site's eID service, through syncd");
}

void look_at_block_list(Findings& out, const DoctorPlace& place, const eid::Date& today) {
    const Json card = member_of(place, "card");
    const auto found = card.find("block_list");
    if (found == card.end() || !found->is_object()) {
        out.warn("block_list", "block list: none named; cards reported lost are not refused",
                 "write \"block_list\" into kiosk.json's \"card\"");
        return;
    }
    const auto days = found->find("days_max");
    const int days_max = days != found->end() && days->is_number_unsigned() ? days->get<int>() : 0;
    const auto list = eid::BlockList::open(place.config.parent_path() / text_in(*found, "file"));
    if (!list) {
        out.bad("block_list", "block list: " + text_of(list.error()),
                "bring a whole one: freigabectl blocklist check FILE");
        return;
    }
    const int age = list->view().days_old(today);
    const std::string what = "block list: " + std::to_string(list->view().size()) + " cards, " +
                             std::to_string(std::max(age, 0)) + " days old";
    if (age > days_max)
        out.bad("block_list", what + ": too old, the PIN is off",
                "bring a new one; days_max in kiosk.json says how old it may be");
    else
        out.ok("block_list", what);
}

}  // namespace ctl
