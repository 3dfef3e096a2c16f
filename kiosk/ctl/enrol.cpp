// SPDX-License-Identifier: EUPL-1.2
// `freigabectl enrol`: makes this device a terminal. Creates the journal key, says it to the
// backend with the one-time code, and writes what the kiosk and syncd read at start. Safe to repeat
// until it has succeeded once: the key is kept, and terminal.json, which marks success, comes last.
// Afterwards it tells the backend once more, for one that comes out of a backup from before, and
// changes nothing here. The state folder then holds:
//   keys/journal.key  keys/tls.key      0600; with --keys-uri the first is on a token instead
//   tls.crt  tls-ca.crt  trust.json     who we are on the line, whom we believe
//   catalogue.jws                       if given; verified with trust.json
//   root.jws                            if given: who signs what comes down later
//   syncd.json  terminal.json           configuration of syncd and of the kiosk
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>

#include "drivers/crypto/random.hpp"
#include "drivers/keys/file_key_store.hpp"
#include "drivers/keys/key_place.hpp"
#include "drivers/keys/pkcs11_key_store.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "sync/downstream/catalogue_file.hpp"
#include "sync/downstream/root.hpp"
#include "sync/downstream/terminal_file.hpp"
#include "sync/downstream/trust.hpp"
#include "sync/http/client.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jws.hpp"
#include "sync/transport/backend.hpp"

namespace ctl {

namespace {

using base::Errc;
using std::filesystem::path;

int usage() {
    std::fputs(
        "usage: freigabectl enrol --backend URL --code CODE --site NAME --state DIR\n"
        "         (--pki DIR | --terminal UUID --tls-ca FILE --tls-cert FILE --tls-key FILE\n"
        "          --trust FILE) [--server-name NAME] [--catalogue FILE] [--root FILE]\n"
        "         [--mode live|training|demo] [--drafts hide|show]\n"
        "         [--keys-uri URI [--keys-module FILE]]\n"
        "  --pki DIR  takes all five from a folder made by `freigabectl pki init`\n"
        "  --root FILE      who signs what comes down (freigabectl downstream root); with --pki "
        "its\n"
        "             downstream-root.jws\n"
        "  --keys-uri URI   the journal's key is on this PKCS#11 token, and is made there if it "
        "is\n"
        "             not (freigabectl keys --help); write the same into kiosk.json\n"
        "  CODE       from `freigabe-backend invite`, for exactly this terminal and site\n"
        "  A device that is this terminal already only says so once more: to a backend that comes\n"
        "  out of a backup from before.\n",
        stderr);
    return exit_usage;
}

struct Plan {
    path state;
    std::string code;
    path tls_ca;
    path tls_certificate;
    path tls_key;
    path trust;
    path catalogue;  ///< empty = none
    path root;       ///< empty = nothing will come down
    std::string server_name;
    keys::TokenPlace token;  ///< for the journal's key; empty uri = a file
    downstream::TerminalFile terminal;
};

std::string text_of(const Options& options, std::string_view name,
                    std::string_view otherwise = {}) {
    return std::string(options.value(name).value_or(otherwise));
}

/// A code as somebody typed it -> as the backend prints it: capitals, in groups of four.
std::string code_as_printed(std::string_view typed) {
    std::string code;
    std::size_t letters = 0;
    for (const char c : typed) {
        if (c == '-' || c == ' ') continue;
        if (letters > 0 && letters % 4 == 0) code += '-';
        code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        ++letters;
    }
    return code;
}

base::Result<base::Uuid> terminal_id(const Options& options) {
    std::string text = text_of(options, "--terminal");
    if (text.empty()) {
        TRY(content, read_file((path(text_of(options, "--pki")) / "terminal.id").string()));
        text = std::string(base::as_text(content).substr(0, 36));
    }
    const auto uuid = base::parse_uuid(text);
    if (!uuid) return base::fail(Errc::config_bad, "enrol terminal");
    return *uuid;
}

base::Result<Plan> plan_of(const Options& options) {
    const path pki(text_of(options, "--pki"));
    const auto file = [&](std::string_view option, const char* name) {
        const auto given = options.value(option);
        return given ? path(*given) : pki / name;
    };
    Plan plan;
    plan.state = text_of(options, "--state");
    plan.code = code_as_printed(text_of(options, "--code"));
    plan.tls_ca = file("--tls-ca", "tls-ca.crt");
    plan.tls_certificate = file("--tls-cert", "tls-terminal.crt");
    plan.tls_key = file("--tls-key", "tls-terminal.key");
    plan.trust = file("--trust", "trust.json");
    plan.catalogue = text_of(options, "--catalogue");
    plan.root = text_of(options, "--root");
    if (plan.root.empty() && std::filesystem::exists(pki / "downstream-root.jws")) {
        plan.root = pki / "downstream-root.jws";
    }
    plan.server_name = text_of(options, "--server-name");
    plan.token = {text_of(options, "--keys-uri"), text_of(options, "--keys-module")};
    TRY(terminal, terminal_id(options));
    plan.terminal.terminal = terminal;
    plan.terminal.site = text_of(options, "--site");
    plan.terminal.backend = text_of(options, "--backend");
    const std::string mode = text_of(options, "--mode", "live");
    const std::string drafts = text_of(options, "--drafts", "hide");
    const bool drafts_known = drafts == "hide" || drafts == "show";
    using downstream::TerminalMode;
    plan.terminal.mode = mode == "demo"       ? TerminalMode::demo
                         : mode == "training" ? TerminalMode::training
                                              : TerminalMode::live;
    plan.terminal.drafts_shown = drafts == "show";
    const bool known = mode == "live" || mode == "training" || mode == "demo";
    // The reader of the file decides what fits, so that no terminal is enrolled into a refusal.
    if (!known || !drafts_known ||
        !downstream::parse_terminal_file(downstream::write_terminal_file(plan.terminal))) {
        return base::fail(Errc::config_bad, "enrol options");
    }
    return plan;
}

base::Result<void> make_folder(const path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
    if (error) {
        return base::fail(Errc::file_io, "enrol folder", static_cast<std::uint32_t>(error.value()));
    }
    return {};
}

/// Already there from an attempt that did not reach the backend: that is fine, it is kept.
base::Result<void> keep_or_create(const path& keys, const char* name, const crypto::KeyPair& key) {
    auto created = keys::create_key_file(keys, name, key);
    if (!created && created.error().detail == EEXIST) return {};
    return created;
}

base::Result<void> keep_or_create_on_token(const keys::TokenPlace& token) {
    TRY(store, keys::Pkcs11KeyStore::open(token));
    if (store.public_point("journal")) return {};
    // A key that is there and cannot be used is not replaced: create_key refuses the name.
    TRY_VOID(keys::Pkcs11KeyStore::create_key(token, "journal", crypto::Curve::p256));
    return {};
}

base::Result<void> make_keys(const Plan& plan, port::Random& random) {
    const path keys = plan.state / "keys";
    TRY_VOID(make_folder(keys));
    if (plan.token.uri.empty()) {
        TRY_VOID(
            keep_or_create(keys, "journal", crypto::generate_key(crypto::Curve::p256, random)));
    } else {
        TRY_VOID(keep_or_create_on_token(plan.token));
    }
    TRY(tls_key, read_key(plan.tls_key));
    return keep_or_create(keys, "tls", tls_key);
}

base::Result<void> copy_public(const path& from, const path& to) {
    TRY(content, read_file(from.string()));
    return write_public(to, content);
}

/// Copies what the terminal will believe, after having believed it here.
base::Result<void> copy_trust(const Plan& plan, std::uint64_t now_ms) {
    TRY(trust_text, read_file(plan.trust.string()));
    TRY(trust, downstream::parse_trust(base::as_text(trust_text)));
    TRY_VOID(write_public(plan.state / "trust.json", trust_text));
    TRY_VOID(copy_public(plan.tls_ca, plan.state / "tls-ca.crt"));
    TRY_VOID(copy_public(plan.tls_certificate, plan.state / "tls.crt"));
    if (!plan.root.empty()) {
        TRY(root, read_file(plan.root.string()));
        TRY_VOID(downstream::open_root(base::as_text(root)));
        TRY_VOID(write_public(plan.state / "root.jws", root));
    }
    if (plan.catalogue.empty()) return {};
    TRY(catalogue, read_file(plan.catalogue.string()));
    TRY_VOID(downstream::verify_catalogue(base::as_text(catalogue), trust.catalogue, {}, now_ms));
    return write_public(plan.state / "catalogue.jws", catalogue);
}

base::Result<std::string> enrolment(const Plan& plan, port::Random& random) {
    TRY(store, keys::open_key_store({plan.state / "keys", plan.token}, random));
    TRY(journal, store->public_point("journal"));
    seal::StoreSigner signer(*store, "journal");
    seal::JwsHeader header;
    header.typ = std::string(seal::typ_enrolment);
    TRY(point, crypto::parse_point(crypto::Curve::p256, journal));
    header.jwk = std::move(point);
    const std::string payload = model::JsonWriter()
                                    .text("terminal", base::to_text(plan.terminal.terminal))
                                    .text("site", plan.terminal.site)
                                    .text("code", plan.code)
                                    .done();
    return seal::sign_compact(header, base::as_bytes(payload), signer);
}

/// Sends it; returns the backend's time, which the verified certificate vouches for.
base::Result<std::uint64_t> send(const Plan& plan, const std::string& jws, port::Clock& clock,
                                 port::Random& random) {
    const auto origin = http::parse_origin(plan.terminal.backend);
    if (!origin) return base::fail(Errc::config_bad, "enrol backend");
    TRY(ca, read_file(plan.tls_ca.string()));
    TRY(certificate, read_file(plan.tls_certificate.string()));
    TRY(key, read_file(plan.tls_key.string()));
    auto tls = http::TlsContext::make(
        http::TlsSide::client, {ca, certificate, key},
        [&clock] { return http::window_of_clock(clock.wall_ms()); }, random);
    base::wipe(key);
    if (!tls) return tl::unexpected(tls.error());
    http::Client client({*origin, plan.server_name}, **tls, clock);
    transport::Backend backend(client, plan.terminal.terminal);
    TRY_VOID(backend.enrol(jws));
    return backend.date_ms().value_or(clock.wall_ms());
}

base::Result<void> write_configuration(const Plan& plan) {
    const path state = std::filesystem::absolute(plan.state);
    model::JsonWriter syncd;
    syncd.text("terminal", base::to_text(plan.terminal.terminal))
        .text("backend", plan.terminal.backend);
    if (!plan.server_name.empty()) syncd.text("server_name", plan.server_name);
    syncd.text("ca", (state / "tls-ca.crt").string())
        .text("certificate", (state / "tls.crt").string())
        .text("key", (state / "keys" / "tls.key").string())
        .text("kiosk_socket", (state / "kiosk.sock").string())
        .text("insight_socket", (state / "insight.sock").string())
        .text("spool", (state / "spool").string())
        .number("time_floor_ms", plan.terminal.time_floor_ms);
    const std::string syncd_text = syncd.done() + "\n";
    TRY_VOID(write_public(plan.state / "syncd.json", base::as_bytes(syncd_text)));
    const std::string terminal_text = downstream::write_terminal_file(plan.terminal);
    return keys::create_file(plan.state / "terminal.json", base::as_bytes(terminal_text),
                             keys::Access::everyone);
}

/// True if this device is that terminal already. errors: config_bad (it is another one).
base::Result<bool> is_enrolled(const Plan& plan) {
    const path file = plan.state / "terminal.json";
    if (!std::filesystem::exists(file)) return false;
    TRY(text, read_file(file.string()));
    TRY(is, downstream::parse_terminal_file(base::as_text(text)));
    if (is.terminal != plan.terminal.terminal || is.site != plan.terminal.site)
        return base::fail(Errc::config_bad, "enrol again", EEXIST);
    return true;
}

base::Result<void> run(const Options& options) {
    TRY(plan, plan_of(options));
    os::SystemClock clock;
    crypto::SystemRandom random;
    TRY(again, is_enrolled(plan));
    if (again) {
        TRY(jws, enrolment(plan, random));
        TRY_VOID(send(plan, jws, clock, random));
        std::printf("The backend knows this terminal again.\n");
        return {};
    }
    TRY_VOID(make_folder(plan.state));
    TRY_VOID(make_keys(plan, random));
    TRY_VOID(copy_trust(plan, clock.wall_ms()));
    TRY_VOID(make_folder(plan.state / "spool"));
    TRY(jws, enrolment(plan, random));
    TRY(floor_ms, send(plan, jws, clock, random));
    plan.terminal.time_floor_ms = floor_ms;
    TRY_VOID(write_configuration(plan));
    std::printf("%s\n", base::to_text(plan.terminal.terminal).c_str());
    return {};
}

/// What a technician does next; null if the error says it all.
const char* hint_for(const base::Error& error) {
    if (error.code == Errc::http_status && error.detail == 403) {
        return "The backend refused the code: it is for exactly this terminal and site, works "
               "once\n"
               "and for seven days. Ask for a new one: freigabe-backend invite. A device in place\n"
               "of another one needs a new UUID, and a TLS certificate for it.";
    }
    if (error.code == Errc::config_bad && error.detail == EEXIST)
        return "This device is another terminal, or stands at another site.";
    if (error.code == Errc::busy && error.detail == 429) {
        return "Too many refused attempts: wait a quarter of an hour.";
    }
    if (error.code == Errc::tls_peer_refused) {
        return "The backend's certificate is not of --tls-ca, not for this name, or out of date:\n"
               "look at the clock of this device first.";
    }
    return nullptr;
}

}  // namespace

int enrol(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--backend", Takes::value},
                                                    {"--code", Takes::value},
                                                    {"--site", Takes::value},
                                                    {"--state", Takes::value},
                                                    {"--pki", Takes::value},
                                                    {"--terminal", Takes::value},
                                                    {"--tls-ca", Takes::value},
                                                    {"--tls-cert", Takes::value},
                                                    {"--tls-key", Takes::value},
                                                    {"--trust", Takes::value},
                                                    {"--server-name", Takes::value},
                                                    {"--catalogue", Takes::value},
                                                    {"--root", Takes::value},
                                                    {"--mode", Takes::value},
                                                    {"--drafts", Takes::value},
                                                    {"--keys-uri", Takes::value},
                                                    {"--keys-module", Takes::value}});
    if (!options) return exit_usage;
    for (const std::string_view name : {"--backend", "--code", "--site", "--state"}) {
        if (!options->has(name)) return usage();
    }
    const bool single = options->has("--terminal") && options->has("--tls-ca") &&
                        options->has("--tls-cert") && options->has("--tls-key") &&
                        options->has("--trust");
    if (!options->has("--pki") && !single) return usage();
    if (options->has("--keys-module") && !options->has("--keys-uri")) return usage();
    if (auto done = run(*options); !done) {
        print_error(done.error());
        if (const char* hint = hint_for(done.error())) std::fprintf(stderr, "%s\n", hint);
        return exit_failed;
    }
    return exit_ok;
}

}  // namespace ctl
