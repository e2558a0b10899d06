# frozen_string_literal: true

module Atk
  # Checks what is given to an operation before anything starts. The error names the parameter, what
  # it must be, and what it is.
  module Arguments
    # The largest number that every library can take.
    MOST = (2**63) - 1

    class << self
      # A text.
      def text(name, value, optional: false)
        return if value.nil? && optional

        wrong(name, optional ? 'a String or nil' : 'a String', value) unless value.is_a?(String)
        unicode(name, value)
      end

      # A source. A `Pathname` is always a local path, however it is written.
      def source(name, value, optional: false)
        return if value.nil? && optional
        return unicode(name, value) if value.is_a?(String)

        wrong(name, 'a String or a Pathname', value) unless value.respond_to?(:to_path)
        path = unicode(name, value.to_path)
        path == '~' || path.start_with?('/', '~/') ? path : "./#{path}"
      end

      # A path. The library expands `~` and removes `..`.
      def path(name, value, optional: false)
        return if value.nil? && optional

        value = value.to_path if value.respond_to?(:to_path)
        wrong(name, 'a String or a Pathname', value) unless value.is_a?(String)
        refuse("`#{name}` is empty; the working directory is `.`") if value.empty?
        unicode(name, value)
      end

      # true or false.
      def flag(name, value)
        wrong(name, 'true or false', value) unless [true, false].include?(value)
        value
      end

      # A list of texts. A single text is refused: it is never known which of the two is meant.
      def texts(name, values)
        wrong(name, 'an Array of Strings', values) unless values.is_a?(Array)
        values.each_with_index.map { |value, place| text("#{name}[#{place}]", value) }
      end

      # Texts by name. Names may be symbols.
      def pairs(name, values)
        return if values.nil?

        named(name, values) { |place, value| text(place, value) }
      end

      # Variables; nil removes one.
      def variables(name, values) = named(name, values) { |place, value| text(place, value, optional: true) }

      # Lists of texts by name.
      def lists(name, values) = named(name, values) { |place, value| texts(place, value) }

      # A number of things.
      def count(name, value, optional: false)
        return if value.nil? && optional

        wrong(name, 'an Integer', value) unless value.is_a?(Integer)
        refuse("`#{name}` must be between 0 and #{MOST}, and is #{value}") unless value.between?(0, MOST)
        value
      end

      # A length of time.
      def seconds(name, value)
        wrong(name, 'a number of seconds', value) unless value.is_a?(Numeric) && value.real?
        seconds = value.to_f
        refuse("`#{name}` must be a number of seconds, and is #{value}") unless seconds.finite? && seconds >= 0
        seconds
      end

      # The digests of plans: of one, of a report of plans, or of several of these.
      def plans(name, value)
        case value
        when nil then nil
        when UpgradePlan then [value.digest]
        when UpgradePlanLine then value.outcome ? [value.outcome.digest] : []
        when UpgradePlanReport then value.plugins.flat_map { |line| plans(name, line) }
        when String then [unicode(name, value)]
        when Array then value.flat_map { |one| one.nil? ? wrong_plan(name, one) : plans(name, one) }
        else wrong_plan(name, value)
        end
      end

      # The plugin to upgrade: a single plan names its own.
      def planned(name, plugin, plan)
        named = plugin.nil? && (plan.is_a?(UpgradePlan) || plan.is_a?(UpgradePlanLine))
        named ? plan.directory : text(name, plugin, optional: true)
      end

      # The options of a handle.
      def options(given)
        checked = given.to_h do |name, value|
          check = OPTIONS.fetch(name) { raise ArgumentError, "unknown keyword: #{name.inspect}" }
          [name, value.nil? ? nil : public_send(check, name, value)]
        end
        Options.new(**checked)
      end

      # What is called back, and what cancels.
      def callbacks(on_prompt, cancel)
        callable('on_prompt', on_prompt)
        wrong('cancel', 'a CancelToken or nil', cancel) unless cancel.nil? || cancel.is_a?(CancelToken)
      end

      def callable(name, value)
        wrong(name, 'callable or nil', value) unless value.nil? || value.respond_to?(:call)
      end

      private

      def named(name, values)
        wrong(name, 'a Hash', values) unless values.is_a?(Hash)
        values.to_h do |key, value|
          wrong("a name in `#{name}`", 'a String or a Symbol', key) unless key.is_a?(String) || key.is_a?(Symbol)
          [unicode(name, key.to_s), yield("#{name}[#{key.to_s.inspect}]", value)]
        end
      end

      def unicode(name, text)
        # A text of unknown encoding is one if its bytes are.
        utf8 = text.encoding == Encoding::BINARY ? text.dup.force_encoding(Encoding::UTF_8) : text.encode(Encoding::UTF_8)
        refuse("`#{name}` is not valid UTF-8: #{text.inspect}") unless utf8.valid_encoding?
        refuse("`#{name}` contains a null character") if utf8.include?("\0")
        utf8
      rescue EncodingError
        refuse("`#{name}` is not valid Unicode: #{text.inspect}")
      end

      def wrong_plan(name, value)
        wrong(name, 'an UpgradePlan, an UpgradePlanReport, a digest, or an Array of these', value)
      end

      def wrong(name, expected, value)
        found = value.nil? ? 'nil' : value.class.name
        place = name.to_s.include?('`') ? name : "`#{name}`"
        # Only flags are shown: other values may be secrets.
        shown = value.map { |key, flag| "#{key}: #{[true, false].include?(flag) ? flag : '...'}" }.join(', ') if value.is_a?(Hash)
        hint = "; options are keywords: write `#{shown}`" if shown && !shown.empty? && !expected.include?('Hash')
        raise TypeError, "#{place} must be #{expected}, not #{found}#{hint}"
      end

      def refuse(text)
        nothing = { plugin: nil, path: nil, url: nil, prompt: nil, variables: [], problems: [], command: nil,
                    command_exit_code: nil, output: nil, help: nil }
        failure = Failure.new(**INVALID, text: text, details: Details.new(**nothing))
        raise AtkError::InvalidArgument.new(failure: failure)
      end
    end
  end
end
