// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/authenticate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/eid/card_files.hpp"
#include "drivers/eid/chip_auth.hpp"
#include "drivers/eid/dead_stack.hpp"
#include "drivers/eid/reader_pace.hpp"
#include "drivers/eid/terminal_auth.hpp"

namespace eid {
namespace {

bool wants_restricted_id(const AuthenticateRequest& request) {
    return request.restricted_id != WantRestrictedId::none;
}

/// A list of another sector would never hit, and nobody would notice.
base::Result<void> check_block_list(const CvCertificate& terminal, const BlockListCheck& check) {
    TRY_VOID(check_sector_key(terminal, check.sector_key));
    if (check.list.sector_hash() == crypto::sha256(check.sector_key)) return {};
    return base::fail(base::Errc::config_bad, "block list of another sector");
}

/// What the reader shows must be what the certificate says (TR-03110-3 C.3.1): its hash stands
/// there, and its length tells which hash.
base::Result<void> check_description(const CvCertificate& terminal, base::ByteView description) {
    using crypto::Hash;
    if (description.empty()) return {};
    if (description.size() > limits::certificate_description_bytes_max) {
        return base::fail(base::Errc::certificate_bad, "description size");
    }
    for (const Hash hash : {Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
        if (!terminal.description_hash) break;
        if (base::equal(crypto::digest(hash, description), *terminal.description_hash)) return {};
    }
    return base::fail(base::Errc::certificate_bad, "description of another certificate");
}

/// One run. The object lives as long as the contact; session keys die with its channel.
class Run {
  public:
    Run(AuthenticateRequest& request, const AuthenticatePorts& ports)
        : request_(request), ports_(ports), channel_(ports.card, ports.stop) {}

    base::Result<AuthenticateResult> go() {
        TRY_VOID(check_request());
        TRY_VOID(open());
        TRY_VOID(authenticate_terminal());
        TRY_VOID(authenticate_card());
        TRY_VOID(collect());
        end_step();
        result_.apdus = channel_.apdu_count();
        return std::move(result_);
    }
    [[nodiscard]] unsigned apdu_count() const { return channel_.apdu_count(); }

  private:
    base::Result<void> check_request();
    base::Result<void> check_credentials() const;
    base::Result<void> open();
    base::Result<PaceOutcome> run_pace_as_asked();
    base::Result<void> authenticate_terminal();
    base::Result<void> authenticate_card();
    base::Result<void> collect();
    base::Result<void> refuse_blocked_card();
    base::Result<void> collect_restricted_id();
    base::Result<void> collect_groups();
    base::Result<void> collect_group(DataGroup group);
    base::Result<void> refuse(DataGroup group, const base::Error& error, base::Bytes content = {});
    void drop_forbidden_groups(Rights allowed);
    void begin_step(Step step);
    void end_step();

    AuthenticateRequest& request_;
    const AuthenticatePorts& ports_;
    Channel channel_;
    TerminalChain chain_;
    Contact contact_;
    PaceOutcome pace_;
    std::optional<ChipAuthPlan> plan_;
    std::optional<crypto::KeyPair> ephemeral_;
    SecurityInfos signed_infos_;
    AuthenticateResult result_;
    std::optional<Step> step_;
    std::uint64_t step_began_ms_ = 0;
};

void Run::begin_step(Step step) {
    end_step();
    step_ = step;
    step_began_ms_ = ports_.clock.boot_ms();
    if (ports_.observer != nullptr) ports_.observer->on_step(step);
}

void Run::end_step() {
    if (step_) result_.times.push_back({*step_, ports_.clock.boot_ms() - step_began_ms_});
    step_.reset();
}

base::Result<void> Run::check_credentials() const {
    return std::visit(
        base::Overloaded{[](const WithPin& with) -> base::Result<void> {
                             if (with.can) TRY_VOID(check_digits(with.can->expose(), can_digits));
                             return check_digits(with.pin.expose(), pin_digits);
                         },
                         [](const OnSite& on_site) -> base::Result<void> {
                             if (!on_site.attestation.valid()) {
                                 return base::fail(base::Errc::attestation_missing, "credentials");
                             }
                             return check_digits(on_site.can.expose(), can_digits);
                         },
                         [this](const WithReaderPin&) -> base::Result<void> {
                             const port::PinPad* pad = ports_.card.pin_pad();
                             if (pad != nullptr && pad->abilities().eid) return {};
                             return base::fail(base::Errc::reader_feature_missing, "pin pad");
                         }},
        request_.credentials);
}

/// All that can be known before the card is touched.
base::Result<void> Run::check_request() {
    TRY_VOID(check_credentials());
    TRY(chain, load_chain(ports_.authenticator));
    chain_ = std::move(chain);
    if (request_.today) TRY_VOID(check_dates(chain_, *request_.today));
    if (const auto* at_reader = std::get_if<WithReaderPin>(&request_.credentials)) {
        TRY_VOID(check_description(chain_.terminal, at_reader->certificate_description));
    }
    const Rights allowed = chain_.rights();
    if (request_.refusals == Refusals::report) drop_forbidden_groups(allowed);
    result_.rights = needed_rights(request_);
    // Any authenticated terminal may have a pseudonym, unless the card wants the right as well.
    if (!allowed.include(right_restricted_id)) {
        result_.rights = without(result_.rights, right_restricted_id);
    }
    if (!allowed.include(result_.rights)) {
        return base::fail(base::Errc::right_missing, "terminal certificate");
    }
    if (wants_restricted_id(request_)) {
        TRY_VOID(check_sector_key(chain_.terminal, request_.sector_key));
    }
    if (request_.block_list) {
        TRY_VOID(check_block_list(chain_.terminal, *request_.block_list));
    }
    return {};
}

base::Result<PaceOutcome> Run::run_pace_as_asked() {
    const Chat chat{Role::terminal, result_.rights};
    return std::visit(
        base::Overloaded{[&](const WithPin& with) {
                             return pace_with_pin(channel_, contact_,
                                                  {with.pin, with.can, chat,
                                                   request_.expected_pin_state, ports_.observer},
                                                  ports_.random);
                         },
                         [&](const OnSite& on_site) {
                             return pace_with(
                                 channel_, contact_,
                                 PacePassword::of_can_on_site(on_site.can, on_site.attestation),
                                 chat, ports_.random);
                         },
                         [&](const WithReaderPin& at_reader) {
                             return pace_at_reader(channel_, contact_,
                                                   {*ports_.card.pin_pad(), at_reader.suspended,
                                                    chat, at_reader.certificate_description,
                                                    request_.expected_pin_state, ports_.observer});
                         }},
        request_.credentials);
}

base::Result<void> Run::open() {
    begin_step(Step::card_access);
    TRY_VOID(learn_buffers(channel_, ports_.card.atr()));  // long files follow; PIN care reads none
    TRY(contact, open_contact(channel_));
    contact_ = std::move(contact);
    begin_step(Step::pace);
    auto outcome = run_pace_as_asked();
    request_.credentials = WithPin{};  // wipes what was typed, whatever the outcome
    if (!outcome) return tl::unexpected(outcome.error());
    pace_ = std::move(*outcome);
    return {};
}

base::Result<void> Run::authenticate_terminal() {
    begin_step(Step::terminal_auth);
    plan_ = plan_chip_auth(contact_.card_access, *contact_.pace.curve);
    ephemeral_ = crypto::generate_key(plan_->curve, ports_.random);
    const base::Bytes auxiliary = encode_auxiliary(request_.auxiliary);
    return run_terminal_auth(
        channel_, chain_, ports_.authenticator,
        {pace_.authority_references, pace_.chip_id, ephemeral_->point.x(), auxiliary});
}

base::Result<void> Run::authenticate_card() {
    begin_step(Step::passive_auth);
    TRY(file, read_file(channel_, sfid_card_security));
    TRY(passive, verify_card_security(file, request_.trusted_csca));
    TRY_VOID(check_card_access(contact_.pace, passive.infos));
    signed_infos_ = std::move(passive.infos);
    result_.passive_auth = passive.level;

    begin_step(Step::chip_auth);
    TRY(choice, choose_chip_auth(signed_infos_, *plan_));
    TRY_VOID(run_chip_auth(channel_, choice, *ephemeral_, ports_.random));
    ephemeral_.reset();
    return {};
}

base::Result<void> Run::collect() {
    TRY_VOID(select_eid_application(channel_));
    if (request_.auxiliary.any()) {
        begin_step(Step::auxiliary);
        TRY(answers, verify_auxiliary(channel_, request_.auxiliary));
        result_.auxiliary = answers;
    }
    if (request_.block_list || wants_restricted_id(request_)) begin_step(Step::restricted_id);
    if (request_.block_list) TRY_VOID(refuse_blocked_card());
    if (wants_restricted_id(request_)) TRY_VOID(collect_restricted_id());
    TRY_VOID(collect_groups());
    if (!request_.pin_activity) return {};
    return set_pin_activity(channel_, *request_.pin_activity);
}

base::Result<void> Run::refuse_blocked_card() {
    const BlockListCheck& check = *request_.block_list;
    TRY(sector, find_sector(chain_.terminal, check.sector_key));
    TRY(id, read_block_list_id(channel_, signed_infos_, check.sector_key, sector));
    if (!check.list.contains(id)) return {};
    return base::fail(base::Errc::card_on_block_list, "block list");
}

base::Result<void> Run::collect_restricted_id() {
    TRY(sector, find_sector(chain_.terminal, request_.sector_key));
    TRY(pseudonym, read_pseudonym(channel_, signed_infos_, request_.sector_key, sector));
    result_.pseudonym = pseudonym;
    if (request_.restricted_id == WantRestrictedId::pseudonym_and_block_list_id) {
        TRY(id, read_block_list_id(channel_, signed_infos_, request_.sector_key, sector));
        result_.block_list_id = id;
    }
    return {};
}

base::Result<void> Run::collect_groups() {
    if (request_.groups.empty()) return {};
    begin_step(Step::data_groups);
    for (const DataGroup group : request_.groups) TRY_VOID(collect_group(group));
    return {};
}

base::Result<void> Run::collect_group(DataGroup group) {
    auto file = read_file(channel_, static_cast<std::uint8_t>(group));
    if (!file && file.error().code == base::Errc::file_missing) {
        result_.absent.push_back(group);
        return {};
    }
    if (!file) return refuse(group, file.error());
    auto value = decode_data_group(group, *file);
    if (!value) return refuse(group, value.error(), std::move(*file));
    result_.groups.insert_or_assign(group, std::move(*value));
    return {};
}

/// Only what the card said about this one group may be reported; a lost card or channel ends the
/// run.
base::Result<void> Run::refuse(DataGroup group, const base::Error& error, base::Bytes content) {
    constexpr std::array of_one_group = {base::Errc::right_missing,
                                         base::Errc::card_status_unexpected,
                                         base::Errc::card_answer_bad, base::Errc::data_group_bad};
    const bool reportable = std::ranges::find(of_one_group, error.code) != of_one_group.end();
    if (request_.refusals == Refusals::fail || !reportable) return tl::unexpected(error);
    result_.refused.push_back({group, error, std::move(content)});
    return {};
}

void Run::drop_forbidden_groups(Rights allowed) {
    std::erase_if(request_.groups, [&](DataGroup group) {
        if (allowed.include(right_read(static_cast<unsigned>(group)))) return false;
        const base::Error error{base::Errc::right_missing, "terminal certificate"};
        result_.refused.push_back({group, error, {}});
        return true;
    });
}

}  // namespace

Rights needed_rights(const AuthenticateRequest& request) {
    Rights rights = request.auxiliary.rights();
    for (const DataGroup group : request.groups) {
        rights = rights | right_read(static_cast<unsigned>(group));
    }
    if (request.block_list || wants_restricted_id(request)) rights = rights | right_restricted_id;
    if (std::holds_alternative<OnSite>(request.credentials)) rights = rights | right_can_allowed;
    if (request.pin_activity) rights = rights | right_pin_management;
    return rights;
}

base::Result<AuthenticateResult> authenticate(AuthenticateRequest request,
                                              const AuthenticatePorts& ports) {
    const DeadStackWipe wipe;
    Run run(request, ports);
    auto result = run.go();
    if (ports.observer != nullptr) ports.observer->on_apdu_count(run.apdu_count());
    base::log(base::LogEvent::eid_run_finished,
              {{"errc", result ? 0 : static_cast<std::int64_t>(result.error().code)},
               {"apdus", run.apdu_count()}});
    return result;
}

}  // namespace eid
