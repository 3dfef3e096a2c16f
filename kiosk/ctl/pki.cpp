// SPDX-License-Identifier: EUPL-1.2
// `freigabectl pki`: makes keys and certificates, one at a time or (init) all that a test, a demo
// or a training needs.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string>

#include "drivers/base/encoding.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/pki/certificate_description.hpp"
#include "drivers/pki/x509_builder.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "kiosk/ctl/pki_files.hpp"
#include "kiosk/ctl/pki_init.hpp"

namespace ctl {

namespace {

using base::Errc;
using std::chrono::days;

constexpr const char* help_text =
    "usage: freigabectl pki <what> [options]\n"
    "  init     --out DIR [--terminal UUID] [--dns NAME..] [--curve C] [--terminal-days N]\n"
    "           the whole test PKI in one folder (kiosk/ctl/pki_init.cpp names each file)\n"
    "  key      --out FILE [--curve C]                    a new private key, PKCS#8 DER\n"
    "  sector   --key FILE --out FILE                     the sector public key 7F49 of a key\n"
    "  cvca     --holder REF --key FILE --out FILE        self-signed, with domain parameters\n"
    "  link     --authority REF --signer FILE --holder REF --key FILE --out FILE\n"
    "  dv       as link; a domestic document verifier\n"
    "  terminal as link; [--rights dg4,dg5,rid,age,community,pin,can] [--sector FILE]\n"
    "           [--sector2 FILE] [--description FILE]\n"
    "  tls-ca   --name TEXT --key FILE --out STEM         writes STEM.crt and STEM.der\n"
    "  tls-cert --ca-name TEXT --signer FILE --role terminal|authority|auditor|portal|backend\n"
    "           --id ID --key FILE --out STEM [--dns NAME..]\n"
    "common: --days N (validity), --from YYYY-MM-DD (default today)\n"
    "curves: P-256 P-384 P-521 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1\n"
    "A key that exists is never overwritten. Exit status: 0 done, 1 failed, 2 wrong use.\n"
    "\n"
    "  freigabectl pki init --out pki\n"
    "  freigabectl pki key --out t.key\n"
    "  freigabectl pki terminal --authority DEDVFREI00001 --signer pki/dv.key \\\n"
    "      --holder DETERM00001 --key t.key --rights dg4,dg5,rid --sector pki/sector.pub \\\n"
    "      --out t.cvcert\n";

int usage() {
    std::fputs(help_text, stderr);
    return exit_usage;
}

std::filesystem::path path_of(const Options& options, std::string_view name) {
    return std::filesystem::path(options.value(name).value_or(std::string_view{}));
}

std::string text_of(const Options& options, std::string_view name) {
    return std::string(options.value(name).value_or(std::string_view{}));
}

base::Result<int> days_of(const Options& options, std::string_view name, int otherwise) {
    const auto text = options.value(name);
    if (!text) return otherwise;
    int count = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
    constexpr int days_max = 40 * 365;
    if (error != std::errc{} || end != text->data() + text->size() || count < 1 ||
        count > days_max) {
        return base::fail(Errc::config_bad, "pki days");
    }
    return count;
}

base::Result<std::chrono::sys_days> from_of(const Options& options) {
    const auto text = options.value("--from");
    if (!text) return today();
    const auto day = parse_day(*text);
    if (!day) return base::fail(Errc::config_bad, "pki from");
    return *day;
}

base::Result<crypto::Curve> curve_option(const Options& options, crypto::Curve otherwise) {
    const auto name = options.value("--curve");
    if (!name) return otherwise;
    const auto curve = curve_of(*name);
    if (!curve) return base::fail(Errc::config_bad, "pki curve");
    return *curve;
}

base::Result<base::Uuid> terminal_option(const Options& options, port::Random& random) {
    if (const auto text = options.value("--terminal")) {
        const auto uuid = base::parse_uuid(*text);
        if (!uuid) return base::fail(Errc::config_bad, "pki terminal id");
        return *uuid;
    }
    std::array<std::uint8_t, 10> bits{};
    random.fill(bits);
    const auto now = std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return base::make_uuid7(static_cast<std::uint64_t>(now.count()), bits);
}

base::Result<void> init(const Options& options, port::Random& random) {
    PkiPlan plan;
    plan.folder = path_of(options, "--out");
    TRY(first_day, from_of(options));
    TRY(terminal_days, days_of(options, "--terminal-days", plan.terminal_days));
    TRY(curve, curve_option(options, plan.card_curve));
    TRY(terminal, terminal_option(options, random));
    plan.today = first_day;
    plan.terminal_days = terminal_days;
    plan.card_curve = curve;
    plan.terminal = terminal;
    if (options.has("--dns")) {
        plan.dns_names.clear();
        for (const auto name : options.values("--dns")) plan.dns_names.emplace_back(name);
    }
    std::error_code error;
    std::filesystem::create_directories(plan.folder, error);
    if (error) {
        return base::fail(Errc::file_io, "pki folder", static_cast<std::uint32_t>(error.value()));
    }
    return make_pki(plan, random);
}

base::Result<void> key(const Options& options, port::Random& random) {
    TRY(curve, curve_option(options, crypto::Curve::brainpool_p256r1));
    return write_key(path_of(options, "--out"), crypto::generate_key(curve, random));
}

base::Result<void> sector(const Options& options, port::Random&) {
    TRY(pair, read_key(path_of(options, "--key")));
    return write_public(path_of(options, "--out"), pki::encode_sector_key(pair.point));
}

base::Result<base::Bytes> extensions_of(const Options& options, crypto::Hash hash) {
    base::Bytes extensions;
    if (options.has("--description")) {
        TRY(description, read_file(text_of(options, "--description")));
        extensions = pki::description_extension(hash, description);
    }
    if (options.has("--sector")) {
        TRY(first, read_file(text_of(options, "--sector")));
        base::Bytes second;
        if (options.has("--sector2")) {
            TRY(content, read_file(text_of(options, "--sector2")));
            second = std::move(content);
        }
        base::append(extensions, pki::sector_extension(hash, {.first = first, .second = second}));
    }
    return extensions;
}

base::Result<void> cv(const Options& options, port::Random& random, eid::Role role) {
    const bool self_signed = !options.has("--signer");
    TRY(pair, read_key(path_of(options, "--key")));
    TRY(signer, read_key(path_of(options, self_signed ? "--key" : "--signer")));
    TRY(from, from_of(options));
    TRY(valid, days_of(options, "--days", role == eid::Role::terminal ? 2 : 365));
    TRY(extensions, extensions_of(options, pki::hash_of(signer.point.curve)));
    eid::Rights rights = eid::Rights{eid::rights_mask};
    if (role == eid::Role::terminal) {
        const auto parsed = parse_rights(text_of(options, "--rights"));
        if (!parsed) return base::fail(Errc::config_bad, "pki rights");
        rights = *parsed;
    }
    const std::string holder = text_of(options, "--holder");
    TRY(certificate,
        pki::build_cv_certificate(
            {.role = role,
             .authority_reference = self_signed ? holder : text_of(options, "--authority"),
             .holder_reference = holder,
             .key = pair.point,
             .rights = rights,
             .effective = from,
             .expiration = from + days(valid),
             .extensions = std::move(extensions)},
            signer, random));
    return write_public(path_of(options, "--out"), certificate);
}

base::Result<void> tls_ca(const Options& options, port::Random& random) {
    TRY(pair, read_key(path_of(options, "--key")));
    TRY(from, from_of(options));
    TRY(valid, days_of(options, "--days", 3 * 365));
    const pki::Name name{"DE", "Freigabe", "", text_of(options, "--name")};
    TRY(certificate, pki::build_x509_certificate({.purpose = pki::X509Purpose::authority,
                                                  .subject = name,
                                                  .key = pair.point,
                                                  .not_before = from,
                                                  .not_after = from + days(valid),
                                                  .dns_names = {},
                                                  .ip_addresses = {}},
                                                 {name, pair}, random));
    return write_certificate(path_of(options, "--out"), certificate);
}

base::Result<void> tls_cert(const Options& options, port::Random& random) {
    const std::string role = text_of(options, "--role");
    if (role != "terminal" && role != "authority" && role != "auditor" && role != "portal" &&
        role != "backend") {
        return base::fail(Errc::config_bad, "pki role");
    }
    TRY(pair, read_key(path_of(options, "--key")));
    TRY(signer, read_key(path_of(options, "--signer")));
    TRY(from, from_of(options));
    TRY(valid, days_of(options, "--days", 365));
    const pki::Name issuer{"DE", "Freigabe", "", text_of(options, "--ca-name")};
    pki::X509Request request{
        .purpose = role == "backend" ? pki::X509Purpose::tls_peer : pki::X509Purpose::tls_client,
        .subject = {"DE", "Freigabe", role, text_of(options, "--id")},
        .key = pair.point,
        .not_before = from,
        .not_after = from + days(valid),
        .dns_names = {},
        .ip_addresses = {}};
    for (const auto name : options.values("--dns")) request.dns_names.emplace_back(name);
    TRY(certificate, pki::build_x509_certificate(request, {issuer, signer}, random));
    return write_certificate(path_of(options, "--out"), certificate);
}

struct Subcommand {
    std::string_view name;
    std::string_view required;  ///< options, blank between them
    base::Result<void> (*run)(const Options&, port::Random&);
};

base::Result<void> cvca(const Options& options, port::Random& random) {
    return cv(options, random, eid::Role::cvca);
}
base::Result<void> dv(const Options& options, port::Random& random) {
    return cv(options, random, eid::Role::dv_official);
}
base::Result<void> terminal(const Options& options, port::Random& random) {
    return cv(options, random, eid::Role::terminal);
}

constexpr std::string_view needs_signer = "--authority --signer --holder --key --out";
constexpr Subcommand subcommands[] = {
    {"init", "--out", init},
    {"key", "--out", key},
    {"sector", "--key --out", sector},
    {"cvca", "--holder --key --out", cvca},
    {"link", needs_signer, cvca},
    {"dv", needs_signer, dv},
    {"terminal", needs_signer, terminal},
    {"tls-ca", "--name --key --out", tls_ca},
    {"tls-cert", "--ca-name --signer --role --id --key --out", tls_cert},
};

}  // namespace

int pki(Arguments arguments) {
    if (arguments.empty()) return usage();
    if (std::ranges::find(arguments, std::string_view("--help")) != arguments.end()) {
        std::fputs(help_text, stdout);
        return exit_ok;
    }
    for (const Subcommand& subcommand : subcommands) {
        if (subcommand.name != arguments[0]) continue;
        const auto options =
            Options::parse(arguments.subspan(1), {{"--out", Takes::value},
                                                  {"--terminal", Takes::value},
                                                  {"--dns", Takes::list},
                                                  {"--curve", Takes::value},
                                                  {"--terminal-days", Takes::value},
                                                  {"--key", Takes::value},
                                                  {"--holder", Takes::value},
                                                  {"--authority", Takes::value},
                                                  {"--signer", Takes::value},
                                                  {"--rights", Takes::value},
                                                  {"--sector", Takes::value},
                                                  {"--sector2", Takes::value},
                                                  {"--description", Takes::value},
                                                  {"--name", Takes::value},
                                                  {"--ca-name", Takes::value},
                                                  {"--role", Takes::value},
                                                  {"--id", Takes::value},
                                                  {"--days", Takes::value},
                                                  {"--from", Takes::value}});
        if (!options) return exit_usage;
        for (const std::string_view name : split(subcommand.required, ' ')) {
            if (!options->has(name)) {
                std::fprintf(stderr, "freigabectl pki %s: %.*s is missing\n",
                             subcommand.name.data(), static_cast<int>(name.size()), name.data());
                return exit_usage;
            }
        }
        crypto::SystemRandom random;
        if (auto done = subcommand.run(*options, random); !done) {
            print_error(done.error());
            return exit_failed;
        }
        return exit_ok;
    }
    return usage();
}

}  // namespace ctl
